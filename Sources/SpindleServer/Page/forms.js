import { byId, request, setText } from "./dom.js";

const json = (path, body) =>
  request(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

const upload = (path, file, options) =>
  request(`${path}?${new URLSearchParams({ name: file.name.slice(0, 80) || "file", ...options })}`,
    { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });

const submit = {
  primes: (path, form) => json(path, { from: Number(form.from.value), to: Number(form.to.value) }),
  checksum: (path, form) => {
    if (form.file.files.length > 0) return upload(path, form.file.files[0]);
    if (form.directory.value !== "") return json(path, { directory: form.directory.value });
    throw new Error("Choose a file, or name a directory on the server.");
  },
  csv: (path, form) => upload(path, form.file.files[0], { header: form.header.checked }),
  "password-hash": (path, form) => json(path, { password: form.password.value, logN: Number(form.logN.value) }),
  spin: (path) => json(path, {}),
  crash: (path, form) => json(path, { how: form.how.value, ...(form.how.value === "exit" && { code: 130 }) }),
  allocate: (path, form) => json(path, { mebibytes: Number(form.mebibytes.value) }),
};

export function prepareForms(onSubmitted) {
  const forms = [...document.querySelectorAll("form[data-kind]")];
  const show = (kind) => {
    for (const form of forms) form.hidden = form.dataset.kind !== kind;
    setText(byId("form-message"), "");
  };
  for (const choice of document.querySelectorAll("input[name=kind]")) {
    choice.addEventListener("change", () => show(choice.value));
    // A reload may restore another choice than the first.
    if (choice.checked) show(choice.value);
  }
  for (const form of forms) prepare(form, onSubmitted);
}

function prepare(form, onSubmitted) {
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const label = button.textContent;
    button.disabled = true;
    button.textContent = "Sending…";
    setText(byId("form-message"), "");
    try {
      onSubmitted(await submit[form.dataset.kind](`/api/tasks/${form.dataset.kind}`, form.elements));
      for (const field of form.querySelectorAll("[type=password], [type=file]")) field.value = "";
    } catch (error) {
      setText(byId("form-message"), error.message);
    } finally {
      button.disabled = false;
      button.textContent = label;
      button.focus();
    }
  });
  for (const drop of form.querySelectorAll(".drop")) prepareDrop(drop);
}

function prepareDrop(drop) {
  const input = drop.querySelector("input");
  const mark = (over) => (event) => {
    event.preventDefault();
    drop.classList.toggle("over", over);
  };
  drop.addEventListener("dragover", mark(true));
  drop.addEventListener("dragleave", mark(false));
  drop.addEventListener("drop", (event) => {
    mark(false)(event);
    if (event.dataTransfer.files.length > 0) input.files = event.dataTransfer.files;
  });
}
