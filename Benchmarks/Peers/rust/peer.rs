//! The peer on Rust's standard library: rustc -O peer.rs && ./peer METRIC...
//! Prints one JSON line a figure. The metrics are defined in ../../README.md.

use std::hint::black_box;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{mpsc, Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, process, thread};

struct Figure {
    value: f64,
    unit: &'static str,
    p99: Option<f64>,
    count: usize,
}

impl Figure {
    fn print(&self, metric: &str) {
        let p99 = self.p99.map_or(String::new(), |p99| format!(",\"p99\":{p99}"));
        println!(
            "{{\"peer\":\"rust std\",\"metric\":\"{metric}\",\"value\":{},\"unit\":\"{}\"{p99},\"n\":{}}}",
            self.value, self.unit, self.count
        );
    }

    /// Median and 99th percentile of the samples.
    fn of(mut samples: Vec<Duration>, unit: &'static str, units_per_second: f64) -> Figure {
        samples.sort();
        let count = samples.len();
        let at = |share: usize| samples[(count * share / 100).min(count - 1)].as_secs_f64() * units_per_second;
        Figure { value: at(50), unit, p99: Some(at(99)), count }
    }

    fn rate(count: usize, elapsed: Duration, unit: &'static str) -> Figure {
        Figure { value: count as f64 / elapsed.as_secs_f64(), unit, p99: None, count }
    }
}

fn worker_start() -> Figure {
    let samples = (0..500).map(|_| {
        let begin = Instant::now();
        let (sender, receiver) = mpsc::channel();
        let worker = thread::spawn(move || sender.send(1).unwrap());
        receiver.recv().unwrap();
        let elapsed = begin.elapsed();
        worker.join().unwrap();
        elapsed
    });
    Figure::of(samples.collect(), "us", 1e6)
}

/// Sends a value to a thread and back, `count` times after a warm-up.
fn round_trips<T: Send + 'static>(mut value: T, warm_up: usize, count: usize) -> Figure {
    let (to_worker, inbox) = mpsc::channel::<T>();
    let (to_owner, answers) = mpsc::channel::<T>();
    let worker = thread::spawn(move || {
        for message in inbox {
            to_owner.send(message).unwrap();
        }
    });
    let mut samples = Vec::with_capacity(count);
    for i in 0..warm_up + count {
        let begin = Instant::now();
        to_worker.send(value).unwrap();
        value = answers.recv().unwrap();
        if i >= warm_up {
            samples.push(begin.elapsed());
        }
    }
    drop(to_worker);
    worker.join().unwrap();
    Figure::of(samples, "us", 1e6)
}

fn message_throughput() -> Figure {
    let count = 2_000_000;
    let (sender, receiver) = mpsc::channel::<String>();
    let worker = thread::spawn(move || receiver.iter().count());
    let message = "x".repeat(64);
    let begin = Instant::now();
    for _ in 0..count {
        sender.send(message.clone()).unwrap();
    }
    drop(sender);
    assert_eq!(worker.join().unwrap(), count);
    Figure::rate(count, begin.elapsed(), "msg/s")
}

fn atomics_contended() -> Figure {
    let times = 1_000_000;
    let counter = Arc::new(AtomicI32::new(0));
    let begin = Instant::now();
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let counter = Arc::clone(&counter);
            thread::spawn(move || {
                for _ in 0..times {
                    counter.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
    let elapsed = begin.elapsed();
    assert_eq!(counter.load(Ordering::SeqCst), 4 * times, "updates were lost");
    let mut figure = Figure::rate(4 * times as usize, elapsed, "M/s");
    figure.value /= 1e6;
    figure
}

fn cpu_sqrt() -> Figure {
    let (to_worker, inbox) = mpsc::channel::<u64>();
    let (to_owner, answers) = mpsc::channel();
    let worker = thread::spawn(move || {
        for times in inbox {
            let mut sum = 0.0;
            for i in 0..times {
                sum += (i as f64).sqrt();
            }
            to_owner.send(black_box(sum)).unwrap();
        }
    });
    let samples = (0..5).map(|_| {
        let begin = Instant::now();
        to_worker.send(black_box(100_000_000)).unwrap();
        answers.recv().unwrap();
        begin.elapsed()
    });
    let figure = Figure::of(samples.collect(), "ms", 1e3);
    drop(to_worker);
    worker.join().unwrap();
    figure
}

/// Two threads that share one queue, 64 tasks in flight.
fn pool_dispatch() -> Figure {
    struct Task {
        a: i32,
        b: i32,
        answer: mpsc::Sender<i32>,
    }
    let (queue, tasks) = mpsc::channel::<Task>();
    let tasks = Arc::new(Mutex::new(tasks));
    let workers: Vec<_> = (0..2)
        .map(|_| {
            let tasks = Arc::clone(&tasks);
            thread::spawn(move || loop {
                let task = tasks.lock().unwrap().recv();
                let Ok(task) = task else { break };
                task.answer.send(task.a + task.b).unwrap();
            })
        })
        .collect();

    let (answer, answers) = mpsc::channel();
    let run = |count: usize| {
        let submit = || queue.send(Task { a: 4, b: 6, answer: answer.clone() }).unwrap();
        let in_flight = 64;
        (0..in_flight).for_each(|_| submit());
        for received in 1..=count {
            assert_eq!(answers.recv().unwrap(), 10);
            if received + in_flight <= count {
                submit();
            }
        }
    };
    run(5_000);
    let count = 500_000;
    let begin = Instant::now();
    run(count);
    let figure = Figure::rate(count, begin.elapsed(), "tasks/s");
    drop(queue);
    for worker in workers {
        worker.join().unwrap();
    }
    figure
}

fn spawn_true() -> Figure {
    let count = 300;
    let begin = Instant::now();
    for _ in 0..count {
        assert!(Command::new("/bin/true").status().unwrap().success());
    }
    Figure::rate(count, begin.elapsed(), "proc/s")
}

fn spawn_stdout() -> Figure {
    let length = 1_000_000_000;
    let begin = Instant::now();
    let mut child = Command::new("head")
        .args(["-c", &length.to_string(), "/dev/zero"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = child.stdout.take().unwrap();
    let mut buffer = vec![0_u8; 1 << 16];
    let mut count = 0;
    loop {
        let got = output.read(&mut buffer).unwrap();
        if got == 0 {
            break;
        }
        count += got;
    }
    assert_eq!(count, length);
    assert!(child.wait().unwrap().success());
    Figure::rate(count / 1_000_000, begin.elapsed(), "MB/s")
}

fn main() {
    for metric in env::args().skip(1) {
        let figure = match metric.as_str() {
            "worker.start" => worker_start(),
            "message.roundtrip" => round_trips((1_i64, String::from("x")), 5_000, 50_000),
            "message.throughput" => message_throughput(),
            "message.transfer50MB" => round_trips(vec![1_u8; 50_000_000], 200, 2_000),
            "atomics.contended" => atomics_contended(),
            "cpu.sqrt" => cpu_sqrt(),
            "pool.dispatch" => pool_dispatch(),
            "spawn.true" => spawn_true(),
            "spawn.stdout" => spawn_stdout(),
            _ => {
                eprintln!("There is no metric '{metric}' here.");
                process::exit(64);
            }
        };
        figure.print(&metric);
    }
}
