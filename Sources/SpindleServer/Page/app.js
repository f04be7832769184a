import { byId, setText } from "./dom.js";
import { prepareForms } from "./forms.js";
import { watchStatus } from "./status.js";
import { showAll, showTask } from "./tasks.js";

/** Follows the server's events. EventSource reconnects by itself, unless the server refused: then we do. */
function follow() {
  const events = new EventSource("/api/events");
  events.addEventListener("open", () => connection("open", "Connected"));
  events.addEventListener("snapshot", (event) => showAll(JSON.parse(event.data).tasks));
  events.addEventListener("task", (event) => showTask(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    connection("lost", "Connection lost, trying again…");
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 3000);
  });
}

function connection(state, text) {
  const badge = byId("connection");
  badge.dataset.state = state;
  setText(badge, text);
}

prepareForms(showTask);
watchStatus();
follow();
