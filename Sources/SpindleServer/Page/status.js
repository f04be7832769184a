import { byId, bytes, count, duration, element, percent, request, setText } from "./dom.js";
import { Chart } from "./charts.js";

const minutes = 3;
const utilization = new Chart(byId("utilization-chart"), { capacity: 60 * minutes, axis: true, format: percent, minimumTop: 1 });
const wait = new Chart(byId("wait-chart"), { capacity: 60 * minutes, axis: true, format: duration, minimumTop: 0.001 });
const health = new Chart(byId("health-line"), { capacity: 60, axis: false });

/** Asks every second while somebody looks, one request of each sort at a time. */
export function watchStatus() {
  every(1000, showStatus);
  every(1000, measureHealth);
  addEventListener("resize", () => [utilization, wait, health].forEach((chart) => chart.draw()));
}

async function every(pause, action) {
  for (;;) {
    if (!document.hidden) await action();
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function measureHealth() {
  const start = performance.now();
  try {
    await request("/health");
    const elapsed = (performance.now() - start) / 1000;
    setText(byId("health"), duration(elapsed));
    health.push(elapsed);
  } catch {
    setText(byId("health"), "no answer");
    health.push(null);
  }
}

async function showStatus() {
  let status;
  try {
    status = await request("/api/status");
  } catch {
    utilization.push(null);
    wait.push(null);
    return;
  }
  const { pool, limits, workers } = status;
  setText(byId("queued"), count(pool.queued));
  setText(byId("queue-limit"), `of ${count(limits.queue)}`);
  byId("queue-meter").value = pool.queued / limits.queue;
  setText(byId("running"), count(pool.running));
  setText(byId("worker-count"), `of ${count(limits.workers)}`);
  setText(byId("completed"), count(pool.completed));
  for (const end of ["crashed", "killed", "abandoned"]) setText(byId(end), count(pool[end]));
  const busy = (pool.workers - pool.idleWorkers) / limits.workers;
  utilization.push(busy);
  setText(byId("utilization-now"), percent(busy));
  const waited = recentWait(pool.waitTime);
  wait.push(waited);
  if (waited !== null) setText(byId("wait-now"), duration(waited));
  showIsolation(status.isolation, limits);
  showWorkers(workers);
  showDirectories(limits);
}

let lastWait = { count: 0, mean: 0 };

/** The mean over the tasks that started since we last asked; null when none did. */
function recentWait(total) {
  const started = total.count - lastWait.count;
  const waited = total.mean * total.count - lastWait.mean * lastWait.count;
  lastWait = total;
  // Fewer than before: it is another server.
  return started > 0 ? Math.max(0, waited / started) : null;
}

function showIsolation(isolation, { memoryBytes }) {
  const limit = memoryBytes === undefined ? "" : ` and may use ${bytes(memoryBytes)} of memory`;
  setText(byId("isolation"), isolation === "process" ? `Each is a process of its own${limit}.` : "Each is a thread of the server.");
  for (const text of document.querySelectorAll("[data-isolation]")) text.hidden = text.dataset.isolation !== isolation;
}

function showWorkers(workers) {
  byId("workers").replaceChildren(...workers.map((worker) => element("tr", {},
    element("th", { scope: "row" }, worker.name),
    element("td", {}, worker.state),
    element("td", {}, worker.currentTask === undefined ? "–" : `#${worker.currentTask}`),
    element("td", {}, count(worker.tasksCompleted)),
    element("td", {}, percent(worker.utilization)))));
}

function showDirectories({ allowedDirectories, uploadBytes }) {
  const help = allowedDirectories.length > 0
    ? `Allowed: ${allowedDirectories.join(", ")}`
    : "None is allowed; start the server with --allow-directory DIR.";
  setText(byId("directory-help"), `${help} Files may have up to ${bytes(uploadBytes)}.`);
  const list = byId("directories");
  if (list.childElementCount !== allowedDirectories.length) {
    list.replaceChildren(...allowedDirectories.map((path) => element("option", { value: path })));
  }
}
