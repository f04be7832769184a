import Foundation
import SpindleServer
import Testing

@Suite(
    "The page in a real browser", .serialized, .timeLimit(.minutes(3)),
    .enabled(if: Chromium.isInstalled, "needs /usr/bin/chromium; install it with 'apt-get install chromium'"))
struct PageTests {
    private func open(
        _ change: (inout ServerOptions) -> Void = { _ in }, _ body: @escaping @Sendable (TestServer, Tab) async throws -> Void
    ) async throws {
        try await TestServer.with(change) { server in
            try await Chromium.with { browser in
                try await Tab.with(browser, "http://127.0.0.1:\(server.port)/") { tab in
                    try await tab.wait(until: "document.getElementById('connection').dataset.state === 'open'")
                    try await body(server, tab)
                }
            }
        }
    }

    private func choose(_ kind: String, _ tab: Tab) async throws {
        _ = try await tab.evaluate("document.querySelector('input[name=kind][value=\(kind)]').click()")
    }

    @Test("It loads without a complaint and asks no other host for anything")
    func loading() async throws {
        try await open { server, tab in
            try await tab.wait(until: "document.querySelectorAll('#workers tr').length === 2")
            try await tab.wait(until: "document.getElementById('health').textContent.endsWith('s')")
            try await tab.wait(until: "document.querySelectorAll('#utilization-chart *').length > 0")
            #expect(tab.complaints == [])
            #expect(tab.requests.count > 8)
            #expect(tab.requests.allSatisfy { $0.hasPrefix("http://127.0.0.1:\(server.port)/") })
        }
    }

    @Test("A task that is started shows its progress and then its result")
    func primes() async throws {
        try await open { _, tab in
            _ = try await tab.evaluate("document.querySelector('form[data-kind=primes] [name=to]').value = '400000000'")
            _ = try await tab.evaluate("document.querySelector('form[data-kind=primes] button').click()")
            try await tab.wait(
                until:
                    "document.querySelector('#task-1 progress').value > 0 && !document.querySelector('#task-1 progress').hidden")
            try await tab.wait(until: "document.querySelector('#task-1 .result').textContent.includes('21,336,326 primes')")
            #expect(
                try await tab.evaluate("document.getElementById('announcer').textContent") as? String
                    == "Primes task 1 succeeded.")
            #expect(try await tab.evaluate("document.querySelector('#task-1 progress').hidden") as? Bool == true)
            #expect(tab.complaints == [])
        }
    }

    @Test("A task that ignores its cancellation is started and cancelled with the keyboard alone")
    func keyboard() async throws {
        try await open { server, tab in
            // From the choice of kinds: arrow keys choose, Tab leads to the button, Space presses it.
            _ = try await tab.evaluate("document.querySelector('input[name=kind]:checked').focus()")
            for _ in 0..<4 { try await tab.press("ArrowRight", code: 39) }
            #expect(try await tab.evaluate("document.activeElement.value") as? String == "spin")
            try await tab.press("Tab", code: 9)
            try await tab.press("Enter", code: 13, text: "\r")
            try await tab.wait(until: "document.querySelector('#task-1').dataset.state === 'running'")
            try await tab.wait(until: "document.activeElement.textContent === 'Start spinning'")
            for _ in 0..<6 where try await tab.evaluate("document.activeElement.textContent") as? String != "Cancel" {
                try await tab.press("Tab", code: 9)
            }
            #expect(try await tab.evaluate("document.activeElement.getAttribute('aria-label')") as? String == "Cancel task 1")
            try await tab.press("Enter", code: 13, text: "\r")
            try await tab.wait(until: "document.querySelector('#task-1').dataset.state === 'cancelled'")
            // The button is gone; the focus stays among the tasks.
            #expect(try await tab.evaluate("document.activeElement.id") as? String == "tasks")
            #expect(tab.complaints == [])
        }
    }

    @Test("An uploaded CSV file becomes a table, and markup in it stays text")
    func upload() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "spindle-\(UUID().uuidString).csv")
        try Data("name,<b>n</b>\nx,1\ny,2\n<img src=x>,6\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await open { _, tab in
            try await choose("csv", tab)
            try await tab.chooseFile(file.path, in: "form[data-kind=csv] [type=file]")
            _ = try await tab.evaluate("document.querySelector('form[data-kind=csv] button').click()")
            try await tab.wait(until: "document.querySelectorAll('#task-1 tbody tr').length === 2")
            let cells = try await tab.evaluate(
                "[...document.querySelectorAll('#task-1 tbody tr')[1].cells].map((cell) => cell.textContent)")
            #expect(cells as? [String] == ["<b>n</b>", "integer", "3", "0", "1", "6", "3", "3"])
            #expect(try await tab.evaluate("document.querySelectorAll('#task-list img, #task-list b').length") as? Int == 0)
            #expect(tab.complaints == [])
        }
    }

    @Test("A refusal is shown in the server's words")
    func refusal() async throws {
        try await open { _, tab in
            try await choose("checksum", tab)
            _ = try await tab.evaluate("document.querySelector('form[data-kind=checksum] [name=directory]').value = '/etc'")
            _ = try await tab.evaluate("document.querySelector('form[data-kind=checksum] button').click()")
            try await tab.wait(until: "document.getElementById('form-message').textContent.includes('--allow-directory')")
        }
    }

    @Test("On threads the page says that a crash is refused, and what a spinning task costs")
    func threads() async throws {
        try await open { _, tab in
            try await choose("crash", tab)
            try await tab.wait(until: "document.getElementById('isolation').textContent.includes('thread')")
            _ = try await tab.evaluate("document.querySelector('form[data-kind=crash] button').click()")
            try await tab.wait(until: "document.getElementById('form-message').textContent.includes('--isolation process')")
            #expect(try await shownTexts(of: "spin", tab).contains("abandoned"))
        }
    }

    @Test("A crash is shown in plain words, and what its process wrote stays text")
    func lastWords() async throws {
        try await open { _, tab in
            _ = try await tab.evaluate(
                """
                import("/tasks.js").then((tasks) => tasks.showTask({
                  id: 7, kind: "crash", parameters: { how: "trap" }, state: "failed", revision: 1,
                  submitted: "2026-01-01T00:00:00.000Z", finished: "2026-01-01T00:00:01.000Z",
                  error: { code: "worker-crashed", message: "It died.",
                    crash: { cause: "signal", signal: "SIGILL", lastErrorLines: ["one", "<img src=x>two"] } },
                }))
                """)
            #expect(try await tab.evaluate("document.querySelector('#task-7 .detail').textContent") as? String == "It died.")
            let lines = try await tab.evaluate("document.querySelector('#task-7 pre').textContent")
            #expect(lines as? String == "one\n<img src=x>two")
            #expect(try await tab.evaluate("document.querySelectorAll('#task-7 img').length") as? Int == 0)
            #expect(tab.complaints == [])
        }
    }

    @Test("A task that crashes its process shows the reason, and the page goes on", .enabled(if: ProcessIsolation.isAvailable))
    func crash() async throws {
        try await open {
            $0.isolation = .process
        } _: { _, tab in
            try await choose("crash", tab)
            try await tab.wait(until: "document.getElementById('isolation').textContent.includes('process')")
            _ = try await tab.evaluate("document.querySelector('form[data-kind=crash] button').click()")
            try await tab.wait(until: "document.querySelector('#task-1').dataset.state === 'failed'")
            try await tab.wait(until: "document.querySelector('#task-1 .detail').textContent.includes('signal')")
            try await tab.wait(until: "document.querySelector('#task-1 pre').textContent.includes('because it was asked to')")
            try await tab.wait(until: "document.getElementById('crashed').textContent === '1'")
            try await tab.wait(until: "document.querySelectorAll('#workers tr').length === 2")
            #expect(try await shownTexts(of: "spin", tab).contains("really killed"))
            #expect(tab.complaints == [])
        }
    }

    private func shownTexts(of kind: String, _ tab: Tab) async throws -> String {
        let selector = "form[data-kind=\(kind)] .about:not([hidden])"
        return try await tab.evaluate("document.querySelector('\(selector)').textContent") as? String ?? ""
    }

    @Test("It fits narrow and wide windows, in light and dark", arguments: ["light", "dark"])
    func appearance(_ scheme: String) async throws {
        try await open { server, tab in
            _ = try await server.post("/api/tasks/primes?wait=true", json: #"{"to": 100000000}"#)
            _ = try await server.post("/api/tasks/csv?wait=true&name=table.csv", file: "a,b\n1,x\n2,y\n", type: "text/csv")
            _ = try await server.post("/api/tasks/password-hash?wait=true", json: #"{"password": "x", "logN": 14}"#)
            _ = try await server.post("/api/tasks/checksum?wait=true&name=letter.txt", file: "abc")
            let running = try #require(try await server.post("/api/tasks/primes", json: #"{"to": 9000000000}"#).id)
            try await tab.wait(until: "document.querySelector('#task-\(running) progress').value > 0")
            try await tab.wait(until: "document.querySelectorAll('#utilization-chart polyline').length > 0")
            for width in [1280, 390] {
                let picture = try await tab.screenshot(scheme: scheme, width: width)
                #expect(picture.starts(with: [0x89, 0x50, 0x4E, 0x47]))
                if let directory = ProcessInfo.processInfo.environment["SPINDLE_SCREENSHOTS"] {
                    try picture.write(to: URL(filePath: directory).appending(path: "page-\(scheme)-\(width).png"))
                }
                #expect(
                    try await tab.evaluate("document.documentElement.scrollWidth <= innerWidth") as? Bool == true, "\(width) wide"
                )
            }
            let background = try await tab.evaluate("getComputedStyle(document.body).backgroundColor") as? String
            #expect(background == (scheme == "dark" ? "rgb(18, 22, 21)" : "rgb(244, 245, 243)"))
            _ = try await server.send("DELETE", "/api/tasks/\(running)")
        }
    }
}
