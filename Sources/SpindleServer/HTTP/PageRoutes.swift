internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The page and its parts, which are inside the program.
struct PageRoutes: Sendable {
    private struct File: Sendable {
        let path: String
        let type: String
        let content: [UInt8]
    }

    private static let files: [File] = [
        File(path: "", type: "text/html", content: PackageResources.index_html),
        File(path: "style.css", type: "text/css", content: PackageResources.style_css),
        File(path: "icon.svg", type: "image/svg+xml", content: PackageResources.icon_svg),
        File(path: "app.js", type: "text/javascript", content: PackageResources.app_js),
        File(path: "charts.js", type: "text/javascript", content: PackageResources.charts_js),
        File(path: "dom.js", type: "text/javascript", content: PackageResources.dom_js),
        File(path: "forms.js", type: "text/javascript", content: PackageResources.forms_js),
        File(path: "status.js", type: "text/javascript", content: PackageResources.status_js),
        File(path: "tasks.js", type: "text/javascript", content: PackageResources.tasks_js),
    ]

    func add(to routes: Routes) {
        for file in Self.files {
            let buffer = ByteBuffer(bytes: file.content)
            routes.on(
                RouterPath(file.path),
                [
                    .get: { _, _ in
                        Response(
                            status: .ok, headers: [.contentType: "\(file.type); charset=utf-8", .cacheControl: "no-cache"],
                            body: ResponseBody(byteBuffer: buffer))
                    }
                ])
        }
    }
}
