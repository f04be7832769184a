import { svg } from "./dom.js";

/** A line over the last values, oldest left; null is a gap. */
export class Chart {
  constructor(node, { capacity, axis, format, minimumTop = 0 }) {
    Object.assign(this, { node, capacity, axis, format, minimumTop, values: [] });
  }

  push(value) {
    this.values.push(value);
    if (this.values.length > this.capacity) this.values.shift();
    this.draw();
  }

  draw() {
    const { width, height } = this.node.getBoundingClientRect();
    if (width === 0) return;
    const left = this.axis ? 52 : 0;
    const top = this.axis ? 8 : 2;
    const bottom = height - (this.axis ? 6 : 2);
    const highest = Math.max(this.minimumTop, ...this.values.filter((value) => value !== null)) || 1;
    const x = (index) => left + (width - left) * (this.capacity - this.values.length + index) / (this.capacity - 1);
    const y = (value) => bottom - (bottom - top) * (value / highest);
    const parts = [];
    if (this.axis) {
      for (const share of [0, 0.5, 1]) {
        parts.push(svg("line", { class: "grid", x1: left, x2: width, y1: y(highest * share), y2: y(highest * share) }));
        parts.push(svg("text", { x: left - 6, y: y(highest * share) + 3, "text-anchor": "end" }, this.format(highest * share)));
      }
    }
    for (const run of this.runs()) {
      const points = run.map(([index, value]) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
      const [first, last] = [x(run[0][0]).toFixed(1), x(run.at(-1)[0]).toFixed(1)];
      parts.push(svg("path", { class: "area", d: `M${first},${bottom} L${points.join(" ")} L${last},${bottom} Z` }));
      if (run.length === 1) parts.push(svg("circle", { class: "dot", cx: first, cy: y(run[0][1]), r: 2 }));
      parts.push(svg("polyline", { class: "line", points: points.join(" ") }));
    }
    this.node.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.node.replaceChildren(...parts);
  }

  /** The values between the gaps, with their places. */
  runs() {
    const runs = [];
    let run = [];
    this.values.forEach((value, index) => {
      if (value !== null) run.push([index, value]);
      else if (run.length > 0) { runs.push(run); run = []; }
    });
    if (run.length > 0) runs.push(run);
    return runs;
  }
}
