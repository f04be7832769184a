import Foundation
import Synchronization

/// A page in the browser, with what it asked for and complained about.
final class Tab: Sendable {
    private let browser: Chromium
    private let session: String
    private let seen = Mutex((requests: [String](), complaints: [String]()))

    /// Addresses that the page has requested.
    var requests: [String] { seen.withLock { $0.requests } }
    /// Errors and warnings on its console, and refused or failed loads.
    var complaints: [String] { seen.withLock { $0.complaints } }

    /// Opens an address and runs `body` with it.
    static func with(_ browser: Chromium, _ address: String, _ body: (Tab) async throws -> Void) async throws {
        let target = try await browser.call("Target.createTarget", ["url": "about:blank"]).result["targetId"] as? String ?? ""
        let session = try await browser.call("Target.attachToTarget", ["targetId": target, "flatten": true]).result["sessionId"]
        let tab = Tab(browser, session as? String ?? "")
        let listening = Task { for await event in browser.events { tab.note(event) } }
        defer { listening.cancel() }
        for domain in ["Page", "Runtime", "Network", "Log", "DOM"] { try await tab.call("\(domain).enable") }
        try await tab.call("Page.navigate", ["url": address])
        try await body(tab)
    }

    private init(_ browser: Chromium, _ session: String) {
        self.browser = browser
        self.session = session
    }

    @discardableResult
    func call(_ method: String, _ parameters: [String: Any] = [:]) async throws -> Chromium.Message {
        try await browser.call(method, parameters, session: session)
    }

    private func note(_ event: Chromium.Message) {
        let parameters = event.parameters
        switch event.method {
        case "Network.requestWillBeSent":
            let address = (parameters["request"] as? [String: Any])?["url"] as? String ?? "?"
            seen.withLock { $0.requests.append(address) }
        case "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled":
            seen.withLock { $0.complaints.append("\(parameters)") }
        default:
            break
        }
    }

    /// The value of a JavaScript expression; a promise's when it has settled.
    func evaluate(_ expression: String) async throws -> Any? {
        let result = try await call(
            "Runtime.evaluate", ["expression": expression, "awaitPromise": true, "returnByValue": true]
        ).result
        if let exception = result["exceptionDetails"] { throw Chromium.Failure(description: "\(expression): \(exception)") }
        return (result["result"] as? [String: Any])?["value"]
    }

    /// Waits in the page until an expression holds, at each change of the document; 25 seconds at most.
    func wait(until condition: String) async throws {
        let held = try await evaluate(
            """
            new Promise((resolve) => {
              const check = () => { let held = false; try { held = \(condition); } catch {} if (held) { observer.disconnect(); resolve(true); } };
              const observer = new MutationObserver(check);
              observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
              setTimeout(() => { observer.disconnect(); resolve(false); }, 25000);
              check();
            })
            """)
        if held as? Bool != true {
            let text = try await evaluate("document.body.innerText") ?? ""
            throw Chromium.Failure(description: "It never came that \(condition). The page says: \(text)")
        }
    }

    /// Presses and releases a key where the focus is.
    func press(_ key: String, code: Int, text: String? = nil) async throws {
        var down: [String: Any] = ["type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code]
        down["text"] = text
        try await call("Input.dispatchKeyEvent", down)
        try await call("Input.dispatchKeyEvent", ["type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code])
    }

    func chooseFile(_ path: String, in selector: String) async throws {
        let document = try await call("DOM.getDocument").result["root"] as? [String: Any]
        let node = try await call("DOM.querySelector", ["nodeId": document?["nodeId"] ?? 0, "selector": selector]).result[
            "nodeId"]
        try await call("DOM.setFileInputFiles", ["files": [path], "nodeId": node ?? 0])
    }

    /// A picture of the whole page as PNG.
    func screenshot(scheme: String, width: Int) async throws -> Data {
        try await call("Emulation.setEmulatedMedia", ["features": [["name": "prefers-color-scheme", "value": scheme]]])
        try await call(
            "Emulation.setDeviceMetricsOverride", ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false])
        _ = try await evaluate(
            "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))")
        let result = try await call("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true]).result
        return Data(base64Encoded: result["data"] as? String ?? "") ?? Data()
    }
}
