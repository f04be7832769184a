/// Makes `await` keep the async context, which AsyncLocalStorage reads, where the engine has no hooks for promises.
///
/// Each async function that waits gets a variable `$f`. It holds the context while the function is suspended, and 0
/// while it runs:
///
/// ```
/// await x                     $c.resume(await $c.resume(x,$f=$c.current),$f,$f=0)
/// catch { / finally {         … {$f===0||($f=$c.resume(0,$f));
/// for await (a of b) c        {for await (a of $c.resume(b,$f=$c.current))
///                                 {$f=$c.resume(0,$f);try{c}finally{$f=$c.current}}$f=$c.resume(0,$f);}
/// ```
///
/// where `$c.current` is the present context and `$c.resume(value, context)` makes `context` the present one and answers
/// `value`. The context is taken when the operand has its value, so what the operand changed is kept; a rejection comes
/// out in a `catch` or `finally` with `$f` still set, while an exception thrown without waiting finds 0 there and
/// changes nothing. `await` takes as many turns of the microtask queue as before.
///
/// What is left as it is: an async generator that goes on after `yield` runs in the context of the call of `next()`.
struct SuspensionRewriting {
    /// The name of the context in the text.
    let context: String
    private let variable: String
    private let record: Record
    private let suspends: [Bool]

    /// nil if nothing in the source waits.
    init?(_ record: Record, marker: String) {
        guard !record.suspensions.isEmpty else { return nil }
        self.record = record
        context = marker + "c"
        variable = marker + "f"
        var suspends = [Bool](repeating: false, count: record.asyncFunctions.count)
        for suspension in record.suspensions { suspends[suspension.function] = true }
        self.suspends = suspends
    }

    /// What the head of a module declares.
    func head(context expression: String) -> String {
        "const \(context)=\(expression);" + (suspends[0] ? "let \(variable)=0;" : "")
    }

    func rewrite(_ rewriter: inout Rewriter) {
        let restore = "\(variable)=\(context).resume(0,\(variable))"
        let save = "\(variable)=\(context).current"
        for suspension in record.suspensions {
            switch suspension.form {
            case .operation(let range):
                // Behind the word itself, so that what stands between it and its operand stays.
                rewriter.wrap(range.start + 5..<range.end, " \(context).resume(", ",\(save))")
                rewriter.wrap(range.start..<range.end, "\(context).resume(", ",\(variable),\(variable)=0)")
            case .loop(let start, let values, let body):
                rewriter.wrap(values.start..<values.end, "\(context).resume(", ",\(save))")
                rewriter.wrap(body.start..<body.end, "{\(restore);try{", "}finally{\(save)}}")
                rewriter.wrap(start..<body.end, "{", "\(restore);}")
            }
        }
        for handler in record.handlers where suspends[handler.function] {
            rewriter.insert("\(variable)===0||(\(restore));", at: handler.start)
        }
        // The first one is the module, whose variable the head declares.
        for (index, function) in record.asyncFunctions.enumerated() where index > 0 && suspends[index] {
            if let end = function.expressionEnd {
                rewriter.wrap(function.bodyStart..<end, "{let \(variable)=0;return ", "}")
            } else {
                rewriter.insert(";let \(variable)=0;", at: function.bodyStart)
            }
        }
    }
}
