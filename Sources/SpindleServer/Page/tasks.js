import { byId, bytes, count, duration, element, request, setText } from "./dom.js";

const shown = new Map();
const finishedShown = 100;
const names = { primes: "Primes", checksum: "Checksum", csv: "CSV", "password-hash": "Password hash", spin: "Spin", crash: "Crash", allocate: "Allocate" };
const isFinal = (task) => task.state !== "queued" && task.state !== "running";

/** Replaces everything: after connecting to a server that has no memory of us, or we none of it. */
export function showAll(tasks) {
  for (const entry of shown.values()) entry.node.remove();
  shown.clear();
  for (const task of tasks) showTask(task);
}

/** Shows a task, or how it has changed. */
export function showTask(task) {
  const before = shown.get(task.id);
  if (before && before.task.revision >= task.revision) return;
  const entry = before ?? add(task);
  entry.task = task;
  update(entry);
  if (before && before.state !== task.state) announce(task);
  entry.state = task.state;
  forgetOldest();
  byId("no-tasks").hidden = shown.size > 0;
}

function add(task) {
  const entry = { state: task.state };
  entry.stateLabel = element("span", { class: "state" });
  entry.cancel = element("button", { class: "quiet", type: "button", "aria-label": `Cancel task ${task.id}` }, "Cancel");
  entry.cancel.addEventListener("click", () => cancel(entry));
  entry.progress = element("progress", { "aria-label": `Progress of task ${task.id}`, max: 1 });
  entry.detail = element("p", { class: "detail" });
  entry.result = element("div", { class: "result" });
  entry.node = element("li", { class: "task", id: `task-${task.id}` },
    element("div", { class: "task-head" },
      element("span", { class: "title" }, `${names[task.kind] ?? task.kind} #${task.id}`),
      element("span", { class: "what" }, describe(task)),
      element("span", { class: "end" }, entry.stateLabel, entry.cancel)),
    entry.progress, entry.detail, entry.result);
  // Newest first, also when an older one is heard of later.
  const list = byId("task-list");
  const next = [...shown.values()].filter((other) => other.task.id < task.id).sort((a, b) => b.task.id - a.task.id)[0];
  list.insertBefore(entry.node, next?.node ?? null);
  shown.set(task.id, entry);
  return entry;
}

function update(entry) {
  const { task } = entry;
  entry.node.dataset.state = task.state;
  const cancelling = task.cancelRequested && !isFinal(task);
  setText(entry.stateLabel, cancelling ? "cancelling" : task.state.replace("-", " "));
  if (isFinal(task) && document.activeElement === entry.cancel) {
    // The focus would fall back to the start of the page.
    const next = document.querySelector("#task-list button.quiet:not([hidden]):not(:focus)") ?? byId("tasks");
    next.focus({ preventScroll: true });
  }
  entry.cancel.hidden = isFinal(task);
  // Not disabled: that would drop the focus.
  entry.cancel.setAttribute("aria-disabled", cancelling);
  entry.progress.hidden = task.state !== "running";
  if (task.progress?.fraction !== undefined) entry.progress.value = task.progress.fraction;
  else entry.progress.removeAttribute("value");
  setText(entry.detail, detail(task));
  entry.detail.classList.toggle("bad", task.error !== undefined);
  if (entry.result.childElementCount > 0) return;
  if (task.state === "succeeded") showResult(entry);
  const lines = task.error?.crash?.lastErrorLines ?? [];
  if (lines.length > 0) entry.result.append(lastWords(lines));
}

function detail(task) {
  if (task.error !== undefined) return task.error.message;
  if (task.state === "running") return task.progress?.text.replace(/\d{4,}/g, (digits) => count(Number(digits))) ?? "";
  if (!isFinal(task) || task.started === undefined) return "";
  return `Took ${between(task.started, task.finished)} after waiting ${between(task.submitted, task.started)}.`;
}

/** The times are exact to a millisecond. */
function between(start, end) {
  const milliseconds = Date.parse(end) - Date.parse(start);
  return milliseconds < 1 ? "under 1 ms" : milliseconds < 1000 ? `${milliseconds} ms` : duration(milliseconds / 1000);
}

function describe({ kind, parameters }) {
  switch (kind) {
  case "primes": return `${count(parameters.from)} to ${count(parameters.to)}`;
  case "checksum": return parameters.directory ?? `${parameters.name}, ${bytes(parameters.bytes)}`;
  case "csv": return `${parameters.name}, ${bytes(parameters.bytes)}`;
  case "password-hash": return `scrypt, N = 2^${parameters.logN}`;
  case "crash": return parameters.code === undefined ? parameters.how.replace("-", " ") : `exit(${parameters.code})`;
  case "allocate": return `${count(parameters.mebibytes)} MiB`;
  default: return "";
  }
}

function announce(task) {
  if (isFinal(task)) setText(byId("announcer"), `${names[task.kind]} task ${task.id} ${task.state.replace("-", " ")}.`);
}

async function cancel(entry) {
  if (entry.task.cancelRequested) return;
  try {
    showTask(await request(`/api/tasks/${entry.task.id}`, { method: "DELETE" }));
  } catch (error) {
    setText(entry.detail, error.message);
  }
}

function forgetOldest() {
  const finished = [...shown.values()].filter((entry) => isFinal(entry.task));
  for (const entry of finished.sort((a, b) => a.task.id - b.task.id).slice(0, Math.max(0, finished.length - finishedShown))) {
    entry.node.remove();
    shown.delete(entry.task.id);
  }
}

/** What a worker process wrote before it died. */
function lastWords(lines) {
  return element("details", { open: true }, element("summary", {}, "Its last words on standard error"),
    element("pre", {}, lines.join("\n")));
}

// Results

async function showResult(entry) {
  // Taken before the answer comes, so that it is asked for once.
  const place = element("p", {}, "…");
  entry.result.append(place);
  try {
    const result = await request(`/api/tasks/${entry.task.id}/result`);
    place.replaceWith(...render[entry.task.kind](result, entry.task));
  } catch (error) {
    setText(place, error.message);
  }
}

const row = (...cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, String(cell ?? "–"))));

function table(label, head, rows) {
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    element("table", {},
      element("thead", {}, element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...rows)));
}

const render = {
  primes: (result) => [
    element("p", {}, element("strong", {}, `${count(result.count)} primes`),
      result.last.length > 0 ? `, the last: ${result.last.map(count).join(" · ")}` : ""),
  ],
  allocate: (result) => [element("p", {}, `${bytes(result.bytes)} were in use, and are given back.`)],
  "password-hash": (result) => [element("p", {}, element("code", {}, result))],
  csv: (result) => [
    element("p", {}, element("strong", {}, `${count(result.rows)} rows, ${count(result.columns.length)} columns`),
      result.raggedRows > 0 ? `, ${count(result.raggedRows)} rows of another length` : "",
      result.invalidFields > 0 ? `, ${count(result.invalidFields)} fields that are no UTF-8` : ""),
    table("Columns of the file", ["Column", "Type", "Count", "Empty", "Least", "Greatest", "Mean", "Different"],
      result.columns.slice(0, 200).map((column) => row(column.name, column.type, count(column.count), count(column.emptyCount),
        column.minimum, column.maximum, column.mean === undefined ? "–" : Number(column.mean.toPrecision(8)),
        `${column.distinctIsExact ? "" : "≈ "}${count(column.distinct)}`))),
  ],
  checksum: (result, task) => {
    const note = element("p", {}, `${count(result.files.length)} files` +
      (result.failures.length > 0 ? `, ${count(result.failures.length)} could not be read` : "") +
      (result.skippedLinks > 0 ? `, ${count(result.skippedLinks)} links skipped` : ""));
    const files = result.files.slice(0, 500);
    const single = task.parameters.directory === undefined;
    const sums = files.map((file) => element("tr", {},
      element("td", {}, file.path), element("td", {}, bytes(file.size)),
      element("td", {}, ...[["SHA-256", file.sha256], ["SHA-512", file.sha512]].filter(([, sum]) => sum !== undefined)
        .map(([name, sum]) => element("p", {}, `${name} `, element("code", {}, sum))))));
    const list = table("Checksums", ["File", "Size", "Checksums"], sums);
    if (single) return [list];
    const more = result.files.length > files.length ? [element("p", {}, `The first ${files.length} are shown.`)] : [];
    const failures = result.failures.slice(0, 100).map((failure) => element("p", { class: "detail bad" }, `${failure.path}: ${failure.reason}`));
    return [note, element("details", {}, element("summary", {}, "Show the checksums"), list, ...more), ...failures];
  },
};
