// Written by scripts/script-table.
#include "SpindleScripts.h"

// `#embed` is of C23; clang has it in every mode and warns of it in the older ones.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const struct spindle_script scripts[] = {
    {"assert", (const unsigned char[]){
#embed "node/assert.js"
    , 0}},
    {"assert/strict", (const unsigned char[]){
#embed "node/assert/strict.js"
    , 0}},
    {"async_hooks", (const unsigned char[]){
#embed "node/async_hooks.js"
    , 0}},
    {"buffer", (const unsigned char[]){
#embed "node/buffer.js"
    , 0}},
    {"child_process", (const unsigned char[]){
#embed "node/child_process.js"
    , 0}},
    {"console", (const unsigned char[]){
#embed "node/console.js"
    , 0}},
    {"crypto", (const unsigned char[]){
#embed "node/crypto.js"
    , 0}},
    {"diagnostics_channel", (const unsigned char[]){
#embed "node/diagnostics_channel.js"
    , 0}},
    {"dns", (const unsigned char[]){
#embed "node/dns.js"
    , 0}},
    {"dns/promises", (const unsigned char[]){
#embed "node/dns/promises.js"
    , 0}},
    {"events", (const unsigned char[]){
#embed "node/events.js"
    , 0}},
    {"fs", (const unsigned char[]){
#embed "node/fs.js"
    , 0}},
    {"fs/promises", (const unsigned char[]){
#embed "node/fs/promises.js"
    , 0}},
    {"http", (const unsigned char[]){
#embed "node/http.js"
    , 0}},
    {"https", (const unsigned char[]){
#embed "node/https.js"
    , 0}},
    {"internal/abort", (const unsigned char[]){
#embed "internal/abort.js"
    , 0}},
    {"internal/assert/assertion_error", (const unsigned char[]){
#embed "internal/assert/assertion_error.js"
    , 0}},
    {"internal/assert/line_diff", (const unsigned char[]){
#embed "internal/assert/line_diff.js"
    , 0}},
    {"internal/async_context", (const unsigned char[]){
#embed "internal/async_context.js"
    , 0}},
    {"internal/blob", (const unsigned char[]){
#embed "internal/blob.js"
    , 0}},
    {"internal/bootstrap", (const unsigned char[]){
#embed "internal/bootstrap.js"
    , 0}},
    {"internal/buffer/encodings", (const unsigned char[]){
#embed "internal/buffer/encodings.js"
    , 0}},
    {"internal/buffer/numbers", (const unsigned char[]){
#embed "internal/buffer/numbers.js"
    , 0}},
    {"internal/buffer/search", (const unsigned char[]){
#embed "internal/buffer/search.js"
    , 0}},
    {"internal/child_process/arguments", (const unsigned char[]){
#embed "internal/child_process/arguments.js"
    , 0}},
    {"internal/child_process/channel", (const unsigned char[]){
#embed "internal/child_process/channel.js"
    , 0}},
    {"internal/child_process/child", (const unsigned char[]){
#embed "internal/child_process/child.js"
    , 0}},
    {"internal/child_process/pipe_stream", (const unsigned char[]){
#embed "internal/child_process/pipe_stream.js"
    , 0}},
    {"internal/child_process/stdio", (const unsigned char[]){
#embed "internal/child_process/stdio.js"
    , 0}},
    {"internal/child_process/sync", (const unsigned char[]){
#embed "internal/child_process/sync.js"
    , 0}},
    {"internal/clock", (const unsigned char[]){
#embed "internal/clock.js"
    , 0}},
    {"internal/clone", (const unsigned char[]){
#embed "internal/clone.js"
    , 0}},
    {"internal/clone/copier", (const unsigned char[]){
#embed "internal/clone/copier.js"
    , 0}},
    {"internal/clone/format", (const unsigned char[]){
#embed "internal/clone/format.js"
    , 0}},
    {"internal/clone/reader", (const unsigned char[]){
#embed "internal/clone/reader.js"
    , 0}},
    {"internal/clone/values", (const unsigned char[]){
#embed "internal/clone/values.js"
    , 0}},
    {"internal/clone/writer", (const unsigned char[]){
#embed "internal/clone/writer.js"
    , 0}},
    {"internal/codecs", (const unsigned char[]){
#embed "internal/codecs.js"
    , 0}},
    {"internal/console_table", (const unsigned char[]){
#embed "internal/console_table.js"
    , 0}},
    {"internal/constants", (const unsigned char[]){
#embed "internal/constants.js"
    , 0}},
    {"internal/crypto/bytes", (const unsigned char[]){
#embed "internal/crypto/bytes.js"
    , 0}},
    {"internal/crypto/cipher", (const unsigned char[]){
#embed "internal/crypto/cipher.js"
    , 0}},
    {"internal/crypto/compare", (const unsigned char[]){
#embed "internal/crypto/compare.js"
    , 0}},
    {"internal/crypto/derivation", (const unsigned char[]){
#embed "internal/crypto/derivation.js"
    , 0}},
    {"internal/crypto/hash", (const unsigned char[]){
#embed "internal/crypto/hash.js"
    , 0}},
    {"internal/crypto/keys", (const unsigned char[]){
#embed "internal/crypto/keys.js"
    , 0}},
    {"internal/crypto/random", (const unsigned char[]){
#embed "internal/crypto/random.js"
    , 0}},
    {"internal/crypto/webcrypto", (const unsigned char[]){
#embed "internal/crypto/webcrypto.js"
    , 0}},
    {"internal/dns", (const unsigned char[]){
#embed "internal/dns.js"
    , 0}},
    {"internal/dom_exception", (const unsigned char[]){
#embed "internal/dom_exception.js"
    , 0}},
    {"internal/encoding", (const unsigned char[]){
#embed "internal/encoding.js"
    , 0}},
    {"internal/errors", (const unsigned char[]){
#embed "internal/errors.js"
    , 0}},
    {"internal/event_target", (const unsigned char[]){
#embed "internal/event_target.js"
    , 0}},
    {"internal/fatal", (const unsigned char[]){
#embed "internal/fatal.js"
    , 0}},
    {"internal/fetch/body", (const unsigned char[]){
#embed "internal/fetch/body.js"
    , 0}},
    {"internal/fetch/fetch", (const unsigned char[]){
#embed "internal/fetch/fetch.js"
    , 0}},
    {"internal/fetch/form_data", (const unsigned char[]){
#embed "internal/fetch/form_data.js"
    , 0}},
    {"internal/fetch/headers", (const unsigned char[]){
#embed "internal/fetch/headers.js"
    , 0}},
    {"internal/fetch/messages", (const unsigned char[]){
#embed "internal/fetch/messages.js"
    , 0}},
    {"internal/file_urls", (const unsigned char[]){
#embed "internal/file_urls.js"
    , 0}},
    {"internal/finalizers", (const unsigned char[]){
#embed "internal/finalizers.js"
    , 0}},
    {"internal/fs/calls", (const unsigned char[]){
#embed "internal/fs/calls.js"
    , 0}},
    {"internal/fs/copy", (const unsigned char[]){
#embed "internal/fs/copy.js"
    , 0}},
    {"internal/fs/directory", (const unsigned char[]){
#embed "internal/fs/directory.js"
    , 0}},
    {"internal/fs/file_handle", (const unsigned char[]){
#embed "internal/fs/file_handle.js"
    , 0}},
    {"internal/fs/streams", (const unsigned char[]){
#embed "internal/fs/streams.js"
    , 0}},
    {"internal/fs/values", (const unsigned char[]){
#embed "internal/fs/values.js"
    , 0}},
    {"internal/fs/watchers", (const unsigned char[]){
#embed "internal/fs/watchers.js"
    , 0}},
    {"internal/heap", (const unsigned char[]){
#embed "internal/heap.js"
    , 0}},
    {"internal/histogram", (const unsigned char[]){
#embed "internal/histogram.js"
    , 0}},
    {"internal/hosted", (const unsigned char[]){
#embed "internal/hosted.js"
    , 0}},
    {"internal/http/agent", (const unsigned char[]){
#embed "internal/http/agent.js"
    , 0}},
    {"internal/http/client", (const unsigned char[]){
#embed "internal/http/client.js"
    , 0}},
    {"internal/http/fields", (const unsigned char[]){
#embed "internal/http/fields.js"
    , 0}},
    {"internal/http/incoming", (const unsigned char[]){
#embed "internal/http/incoming.js"
    , 0}},
    {"internal/http/outgoing", (const unsigned char[]){
#embed "internal/http/outgoing.js"
    , 0}},
    {"internal/http/parser", (const unsigned char[]){
#embed "internal/http/parser.js"
    , 0}},
    {"internal/http/response", (const unsigned char[]){
#embed "internal/http/response.js"
    , 0}},
    {"internal/http/server", (const unsigned char[]){
#embed "internal/http/server.js"
    , 0}},
    {"internal/http/status", (const unsigned char[]){
#embed "internal/http/status.js"
    , 0}},
    {"internal/lifecycle", (const unsigned char[]){
#embed "internal/lifecycle.js"
    , 0}},
    {"internal/listener_leak", (const unsigned char[]){
#embed "internal/listener_leak.js"
    , 0}},
    {"internal/loader", (const unsigned char[]){
#embed "internal/loader.js"
    , 0}},
    {"internal/locks", (const unsigned char[]){
#embed "internal/locks.js"
    , 0}},
    {"internal/main", (const unsigned char[]){
#embed "internal/main.js"
    , 0}},
    {"internal/modules/esm", (const unsigned char[]){
#embed "internal/modules/esm.js"
    , 0}},
    {"internal/modules/host", (const unsigned char[]){
#embed "internal/modules/host.js"
    , 0}},
    {"internal/net/block_list", (const unsigned char[]){
#embed "internal/net/block_list.js"
    , 0}},
    {"internal/net/host", (const unsigned char[]){
#embed "internal/net/host.js"
    , 0}},
    {"internal/net/ip", (const unsigned char[]){
#embed "internal/net/ip.js"
    , 0}},
    {"internal/net/socket", (const unsigned char[]){
#embed "internal/net/socket.js"
    , 0}},
    {"internal/path", (const unsigned char[]){
#embed "internal/path.js"
    , 0}},
    {"internal/performance_entries", (const unsigned char[]){
#embed "internal/performance_entries.js"
    , 0}},
    {"internal/pipe", (const unsigned char[]){
#embed "internal/pipe.js"
    , 0}},
    {"internal/pool/member", (const unsigned char[]){
#embed "internal/pool/member.js"
    , 0}},
    {"internal/pool/messages", (const unsigned char[]){
#embed "internal/pool/messages.js"
    , 0}},
    {"internal/pool/movable", (const unsigned char[]){
#embed "internal/pool/movable.js"
    , 0}},
    {"internal/pool/options", (const unsigned char[]){
#embed "internal/pool/options.js"
    , 0}},
    {"internal/pool/pool", (const unsigned char[]){
#embed "internal/pool/pool.js"
    , 0}},
    {"internal/pool/process_worker", (const unsigned char[]){
#embed "internal/pool/process_worker.js"
    , 0}},
    {"internal/pool/slots", (const unsigned char[]){
#embed "internal/pool/slots.js"
    , 0}},
    {"internal/pool/task", (const unsigned char[]){
#embed "internal/pool/task.js"
    , 0}},
    {"internal/pool/task_queue", (const unsigned char[]){
#embed "internal/pool/task_queue.js"
    , 0}},
    {"internal/pool/thread_worker", (const unsigned char[]){
#embed "internal/pool/thread_worker.js"
    , 0}},
    {"internal/pool/timings", (const unsigned char[]){
#embed "internal/pool/timings.js"
    , 0}},
    {"internal/primordials", (const unsigned char[]){
#embed "internal/primordials.js"
    , 0}},
    {"internal/process/env", (const unsigned char[]){
#embed "internal/process/env.js"
    , 0}},
    {"internal/process/stdio", (const unsigned char[]){
#embed "internal/process/stdio.js"
    , 0}},
    {"internal/process/stdio_streams", (const unsigned char[]){
#embed "internal/process/stdio_streams.js"
    , 0}},
    {"internal/process/usage", (const unsigned char[]){
#embed "internal/process/usage.js"
    , 0}},
    {"internal/process/warnings", (const unsigned char[]){
#embed "internal/process/warnings.js"
    , 0}},
    {"internal/punycode", (const unsigned char[]){
#embed "internal/punycode.js"
    , 0}},
    {"internal/readline/cursor", (const unsigned char[]){
#embed "internal/readline/cursor.js"
    , 0}},
    {"internal/readline/editor", (const unsigned char[]){
#embed "internal/readline/editor.js"
    , 0}},
    {"internal/readline/interface", (const unsigned char[]){
#embed "internal/readline/interface.js"
    , 0}},
    {"internal/readline/keys", (const unsigned char[]){
#embed "internal/readline/keys.js"
    , 0}},
    {"internal/stack", (const unsigned char[]){
#embed "internal/stack.js"
    , 0}},
    {"internal/streams/abort_signal", (const unsigned char[]){
#embed "internal/streams/abort_signal.js"
    , 0}},
    {"internal/streams/async_iterator", (const unsigned char[]){
#embed "internal/streams/async_iterator.js"
    , 0}},
    {"internal/streams/compose", (const unsigned char[]){
#embed "internal/streams/compose.js"
    , 0}},
    {"internal/streams/destroy", (const unsigned char[]){
#embed "internal/streams/destroy.js"
    , 0}},
    {"internal/streams/duplex", (const unsigned char[]){
#embed "internal/streams/duplex.js"
    , 0}},
    {"internal/streams/duplexify", (const unsigned char[]){
#embed "internal/streams/duplexify.js"
    , 0}},
    {"internal/streams/finished", (const unsigned char[]){
#embed "internal/streams/finished.js"
    , 0}},
    {"internal/streams/forward", (const unsigned char[]){
#embed "internal/streams/forward.js"
    , 0}},
    {"internal/streams/from", (const unsigned char[]){
#embed "internal/streams/from.js"
    , 0}},
    {"internal/streams/helpers", (const unsigned char[]){
#embed "internal/streams/helpers.js"
    , 0}},
    {"internal/streams/lazy_transform", (const unsigned char[]){
#embed "internal/streams/lazy_transform.js"
    , 0}},
    {"internal/streams/legacy", (const unsigned char[]){
#embed "internal/streams/legacy.js"
    , 0}},
    {"internal/streams/pair", (const unsigned char[]){
#embed "internal/streams/pair.js"
    , 0}},
    {"internal/streams/pipe", (const unsigned char[]){
#embed "internal/streams/pipe.js"
    , 0}},
    {"internal/streams/pipeline", (const unsigned char[]){
#embed "internal/streams/pipeline.js"
    , 0}},
    {"internal/streams/predicates", (const unsigned char[]){
#embed "internal/streams/predicates.js"
    , 0}},
    {"internal/streams/readable", (const unsigned char[]){
#embed "internal/streams/readable.js"
    , 0}},
    {"internal/streams/readable_forms", (const unsigned char[]){
#embed "internal/streams/readable_forms.js"
    , 0}},
    {"internal/streams/readable_state", (const unsigned char[]){
#embed "internal/streams/readable_state.js"
    , 0}},
    {"internal/streams/state", (const unsigned char[]){
#embed "internal/streams/state.js"
    , 0}},
    {"internal/streams/transform", (const unsigned char[]){
#embed "internal/streams/transform.js"
    , 0}},
    {"internal/streams/writable", (const unsigned char[]){
#embed "internal/streams/writable.js"
    , 0}},
    {"internal/streams/writable_state", (const unsigned char[]){
#embed "internal/streams/writable_state.js"
    , 0}},
    {"internal/task_queues", (const unsigned char[]){
#embed "internal/task_queues.js"
    , 0}},
    {"internal/test/child", (const unsigned char[]){
#embed "internal/test/child.js"
    , 0}},
    {"internal/test/contexts", (const unsigned char[]){
#embed "internal/test/contexts.js"
    , 0}},
    {"internal/test/failure", (const unsigned char[]){
#embed "internal/test/failure.js"
    , 0}},
    {"internal/test/harness", (const unsigned char[]){
#embed "internal/test/harness.js"
    , 0}},
    {"internal/test/mock", (const unsigned char[]){
#embed "internal/test/mock.js"
    , 0}},
    {"internal/test/mock_timers", (const unsigned char[]){
#embed "internal/test/mock_timers.js"
    , 0}},
    {"internal/test/run", (const unsigned char[]){
#embed "internal/test/run.js"
    , 0}},
    {"internal/test/spec", (const unsigned char[]){
#embed "internal/test/spec.js"
    , 0}},
    {"internal/test/tree", (const unsigned char[]){
#embed "internal/test/tree.js"
    , 0}},
    {"internal/timers", (const unsigned char[]){
#embed "internal/timers.js"
    , 0}},
    {"internal/tls/context", (const unsigned char[]){
#embed "internal/tls/context.js"
    , 0}},
    {"internal/transferable", (const unsigned char[]){
#embed "internal/transferable.js"
    , 0}},
    {"internal/tty_colors", (const unsigned char[]){
#embed "internal/tty_colors.js"
    , 0}},
    {"internal/url", (const unsigned char[]){
#embed "internal/url.js"
    , 0}},
    {"internal/url/host", (const unsigned char[]){
#embed "internal/url/host.js"
    , 0}},
    {"internal/url/idna", (const unsigned char[]){
#embed "internal/url/idna.js"
    , 0}},
    {"internal/url/legacy", (const unsigned char[]){
#embed "internal/url/legacy.js"
    , 0}},
    {"internal/url/parser", (const unsigned char[]){
#embed "internal/url/parser.js"
    , 0}},
    {"internal/url/percent", (const unsigned char[]){
#embed "internal/url/percent.js"
    , 0}},
    {"internal/url/search_params", (const unsigned char[]){
#embed "internal/url/search_params.js"
    , 0}},
    {"internal/util/comparisons", (const unsigned char[]){
#embed "internal/util/comparisons.js"
    , 0}},
    {"internal/util/debuglog", (const unsigned char[]){
#embed "internal/util/debuglog.js"
    , 0}},
    {"internal/util/env_file", (const unsigned char[]){
#embed "internal/util/env_file.js"
    , 0}},
    {"internal/util/format", (const unsigned char[]){
#embed "internal/util/format.js"
    , 0}},
    {"internal/util/functions", (const unsigned char[]){
#embed "internal/util/functions.js"
    , 0}},
    {"internal/util/inspect", (const unsigned char[]){
#embed "internal/util/inspect.js"
    , 0}},
    {"internal/util/parse_args", (const unsigned char[]){
#embed "internal/util/parse_args.js"
    , 0}},
    {"internal/util/system_errors", (const unsigned char[]){
#embed "internal/util/system_errors.js"
    , 0}},
    {"internal/util/text", (const unsigned char[]){
#embed "internal/util/text.js"
    , 0}},
    {"internal/util/types", (const unsigned char[]){
#embed "internal/util/types.js"
    , 0}},
    {"internal/validators", (const unsigned char[]){
#embed "internal/validators.js"
    , 0}},
    {"internal/wasm", (const unsigned char[]){
#embed "internal/wasm.js"
    , 0}},
    {"internal/wasm/instructions", (const unsigned char[]){
#embed "internal/wasm/instructions.js"
    , 0}},
    {"internal/wasm/polls", (const unsigned char[]){
#embed "internal/wasm/polls.js"
    , 0}},
    {"internal/webstreams/adapters", (const unsigned char[]){
#embed "internal/webstreams/adapters.js"
    , 0}},
    {"internal/webstreams/bytes", (const unsigned char[]){
#embed "internal/webstreams/bytes.js"
    , 0}},
    {"internal/webstreams/common", (const unsigned char[]){
#embed "internal/webstreams/common.js"
    , 0}},
    {"internal/webstreams/encoding", (const unsigned char[]){
#embed "internal/webstreams/encoding.js"
    , 0}},
    {"internal/webstreams/pipe", (const unsigned char[]){
#embed "internal/webstreams/pipe.js"
    , 0}},
    {"internal/webstreams/readable", (const unsigned char[]){
#embed "internal/webstreams/readable.js"
    , 0}},
    {"internal/webstreams/strategies", (const unsigned char[]){
#embed "internal/webstreams/strategies.js"
    , 0}},
    {"internal/webstreams/tee", (const unsigned char[]){
#embed "internal/webstreams/tee.js"
    , 0}},
    {"internal/webstreams/transform", (const unsigned char[]){
#embed "internal/webstreams/transform.js"
    , 0}},
    {"internal/webstreams/writable", (const unsigned char[]){
#embed "internal/webstreams/writable.js"
    , 0}},
    {"internal/worker/errors", (const unsigned char[]){
#embed "internal/worker/errors.js"
    , 0}},
    {"internal/worker/messages", (const unsigned char[]){
#embed "internal/worker/messages.js"
    , 0}},
    {"internal/worker/messenger", (const unsigned char[]){
#embed "internal/worker/messenger.js"
    , 0}},
    {"internal/worker/options", (const unsigned char[]){
#embed "internal/worker/options.js"
    , 0}},
    {"internal/worker/port", (const unsigned char[]){
#embed "internal/worker/port.js"
    , 0}},
    {"internal/worker/shared", (const unsigned char[]){
#embed "internal/worker/shared.js"
    , 0}},
    {"internal/worker/stdio", (const unsigned char[]){
#embed "internal/worker/stdio.js"
    , 0}},
    {"internal/worker/thread", (const unsigned char[]){
#embed "internal/worker/thread.js"
    , 0}},
    {"internal/zlib/codes", (const unsigned char[]){
#embed "internal/zlib/codes.js"
    , 0}},
    {"internal/zlib/constants", (const unsigned char[]){
#embed "internal/zlib/constants.js"
    , 0}},
    {"internal/zlib/stream", (const unsigned char[]){
#embed "internal/zlib/stream.js"
    , 0}},
    {"module", (const unsigned char[]){
#embed "node/module.js"
    , 0}},
    {"net", (const unsigned char[]){
#embed "node/net.js"
    , 0}},
    {"os", (const unsigned char[]){
#embed "node/os.js"
    , 0}},
    {"path", (const unsigned char[]){
#embed "node/path.js"
    , 0}},
    {"path/posix", (const unsigned char[]){
#embed "node/path/posix.js"
    , 0}},
    {"path/win32", (const unsigned char[]){
#embed "node/path/win32.js"
    , 0}},
    {"perf_hooks", (const unsigned char[]){
#embed "node/perf_hooks.js"
    , 0}},
    {"process", (const unsigned char[]){
#embed "node/process.js"
    , 0}},
    {"punycode", (const unsigned char[]){
#embed "node/punycode.js"
    , 0}},
    {"querystring", (const unsigned char[]){
#embed "node/querystring.js"
    , 0}},
    {"readline", (const unsigned char[]){
#embed "node/readline.js"
    , 0}},
    {"readline/promises", (const unsigned char[]){
#embed "node/readline/promises.js"
    , 0}},
    {"spindle", (const unsigned char[]){
#embed "spindle.js"
    , 0}},
    {"spindle/worker", (const unsigned char[]){
#embed "spindle/worker.js"
    , 0}},
    {"stream", (const unsigned char[]){
#embed "node/stream.js"
    , 0}},
    {"stream/consumers", (const unsigned char[]){
#embed "node/stream/consumers.js"
    , 0}},
    {"stream/promises", (const unsigned char[]){
#embed "node/stream/promises.js"
    , 0}},
    {"stream/web", (const unsigned char[]){
#embed "node/stream/web.js"
    , 0}},
    {"string_decoder", (const unsigned char[]){
#embed "node/string_decoder.js"
    , 0}},
    {"test", (const unsigned char[]){
#embed "node/test.js"
    , 0}},
    {"test/reporters", (const unsigned char[]){
#embed "node/test/reporters.js"
    , 0}},
    {"timers", (const unsigned char[]){
#embed "node/timers.js"
    , 0}},
    {"timers/promises", (const unsigned char[]){
#embed "node/timers/promises.js"
    , 0}},
    {"tls", (const unsigned char[]){
#embed "node/tls.js"
    , 0}},
    {"tty", (const unsigned char[]){
#embed "node/tty.js"
    , 0}},
    {"url", (const unsigned char[]){
#embed "node/url.js"
    , 0}},
    {"util", (const unsigned char[]){
#embed "node/util.js"
    , 0}},
    {"util/types", (const unsigned char[]){
#embed "node/util/types.js"
    , 0}},
    {"v8", (const unsigned char[]){
#embed "node/v8.js"
    , 0}},
    {"worker_threads", (const unsigned char[]){
#embed "node/worker_threads.js"
    , 0}},
    {"zlib", (const unsigned char[]){
#embed "node/zlib.js"
    , 0}},
};

const struct spindle_script *spindle_script_table(size_t *count) {
    *count = sizeof scripts / sizeof *scripts;
    return scripts;
}
