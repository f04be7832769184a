import ArgumentParser
import Hummingbird
@main struct Spindle: ParsableCommand { func run() { print("hi") } }
