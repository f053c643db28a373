// What the pages do beyond htmx. Everything works without it. Elements ask for a behaviour by an attribute:
//   data-focus         gets the focus when it appears (a summary of errors)
//   data-once          a form that is sent once, however often the button is pressed
//   data-toast         goes away after six seconds
//   data-list          a work list: its rows (data-row, with data-cents), their checkbox (data-pick) and link (data-open),
//                      the checkbox for all of them (data-all)
//   data-bulk          the bar of the selected rows: data-bulk-count (data-one, data-many), data-bulk-sum, data-bulk-none
//   data-key="p"       gets the focus (fields), opens (details) or is pressed (all others) by a single key outside fields
//   data-keys          the list of single keys, hidden where there is no script
//   data-keys-off      a checkbox that turns the single keys off; the browser remembers it
//   data-left="name"   a form whose fields, once they were left, are sent along under this name: only these get messages
//                      what was typed since the last exchange is sent when the page is left, so that it is in the draft
//   data-enter         the first button of such a form, which Enter presses in a field: what the field holds is sent as if it had
//                      been left, and the focus stays in it
//   data-messages="id" messages that are exchanged alone; the field with this id is marked by what has come
//   data-reveal="ids"  a checkbox, hidden where there is no script, that shows what is typed in password fields (their ids);
//                      when the form is sent they are password fields again, for the browser to remember
//   data-compare="…"   a form whose file is held against this SHA-256 in the browser, and not sent; a file may be dropped on
//                      it. The answer is data-compare-same or data-compare-different, whichever it lets appear
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const one = (selector, from = document) => from.querySelector(selector);

  // Errors of requests that scripts make. The server's own messages come with their place; here is only "no answer".
  const alerts = () => document.getElementById("avvisi");
  document.addEventListener("htmx:error", (e) => {
    if (!e.detail?.ctx?.response && alerts()) alerts().textContent = alerts().dataset.offline;
  });
  document.addEventListener("htmx:after:request", (e) => {
    if (e.detail?.ctx?.response?.status < 400 && alerts()) alerts().textContent = "";
  });

  // What has just come into the page; each element is looked at once.
  const appear = () => {
    one("[data-focus]:not([data-seen])")?.focus();
    for (const t of all("[data-toast]:not([data-seen])")) leave(t);
    all("[data-focus], [data-toast]").forEach((x) => (x.dataset.seen = "1"));
  };
  const leave = (toast) =>
    setTimeout(() => (toast.matches(":hover, :focus-within") ? leave(toast) : toast.remove()), 6000);
  const mark = (messages) => {
    const bad = !!one(".is-bad", messages);
    const field = messages.closest(".rn-field");
    field.classList.toggle("has-bad", bad);
    field.classList.toggle("has-warn", !bad && !!one(".is-warn", messages));
    const input = document.getElementById(messages.dataset.messages);
    if (bad) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  document.addEventListener("change", (e) => {
    const form = e.target.form;
    if (!form?.dataset.left || !document.getElementById(e.target.name + "-msg")) return;
    const left = Object.assign(document.createElement("input"), { type: "hidden", name: form.dataset.left, value: e.target.name });
    if (!all(`input[type=hidden][name=${left.name}]`, form).some((x) => x.value === left.value)) form.append(left);
  });
  const typed = new Set(); // forms in which somebody has typed since their last exchange
  document.addEventListener("input", (e) => e.target.form?.dataset.left && typed.add(e.target.form));
  document.addEventListener("submit", (e) => {
    const field = document.activeElement;
    if (window.htmx && e.submitter?.matches("[data-enter]") && field?.form === e.target) {
      e.preventDefault();
      field.dispatchEvent(new Event("change", { bubbles: true }));
    } else typed.delete(e.target);
  });
  document.addEventListener("htmx:before:request", (e) => typed.delete(e.target));
  addEventListener("pagehide", () => {
    for (const form of typed) navigator.sendBeacon(form.action, new URLSearchParams(new FormData(form)));
    typed.clear();
  });
  document.addEventListener("htmx:after:swap", () => {
    appear();
    all("[data-messages]").forEach(mark);
    all("[data-list]").forEach(count);
  });

  document.addEventListener("submit", (e) => {
    if (!e.target.matches("[data-once]")) return;
    if (e.target.dataset.sent) e.preventDefault();
    e.target.dataset.sent = "1";
  });
  // Back to a page that the browser kept: its forms can be sent again.
  addEventListener("pageshow", () => all("[data-sent]").forEach((f) => delete f.dataset.sent));

  // Work lists.
  const euro = (cents) => {
    const [whole, rest] = (Math.abs(cents) / 100).toFixed(2).split(".");
    return (cents < 0 ? "−\u00a0" : "") + "€\u00a0" + whole.replace(/\B(?=(\d{3})+$)/g, ".") + "," + rest;
  };
  const count = (list) => {
    const rows = all("[data-row]", list);
    const picked = rows.filter((r) => one("[data-pick]", r)?.checked);
    rows.forEach((r) => r.classList.toggle("rn-sel", picked.includes(r)));
    const every = one("[data-all]", list);
    if (every) {
      every.checked = picked.length > 0 && picked.length === rows.length;
      every.indeterminate = picked.length > 0 && picked.length < rows.length;
    }
    const bar = one("[data-bulk]");
    if (!bar) return;
    bar.hidden = picked.length === 0;
    const number = one("[data-bulk-count]", bar);
    if (number) number.textContent = (picked.length === 1 ? number.dataset.one : number.dataset.many).replace("%d", picked.length);
    const sum = one("[data-bulk-sum]", bar);
    if (sum) sum.textContent = euro(picked.reduce((s, r) => s + Number(r.dataset.cents ?? 0), 0));
  };
  const pick = (list, on) => {
    all("[data-pick]", list).forEach((c) => (c.checked = on));
    count(list);
  };
  document.addEventListener("change", (e) => {
    const list = e.target.closest("[data-list]");
    if (e.target.matches("[data-keys-off]")) localStorage.setItem("tasti", e.target.checked ? "no" : "si");
    else if (list && e.target.matches("[data-all]")) pick(list, e.target.checked);
    else if (list) count(list);
  });
  document.addEventListener("click", (e) => {
    if (e.target.closest("[data-bulk-none]")) all("[data-list]").forEach((l) => pick(l, false));
  });

  // Single keys (WCAG 2.1.4: never inside fields, and they can be turned off).
  const keysOff = () => localStorage.getItem("tasti") === "no";
  const move = (step) => {
    const rows = all("[data-list] [data-row]");
    const at = rows.findIndex((r) => r.classList.contains("rn-cur"));
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    one("[data-open]", next ?? document)?.focus(); // focusin marks the row
  };
  document.addEventListener("focusin", (e) => {
    const row = e.target.closest("[data-list] [data-row]");
    if (row) all(".rn-cur").forEach((r) => r.classList.remove("rn-cur"));
    row?.classList.add("rn-cur");
  });
  const press = (target) => {
    if (target.matches("input, select, textarea")) target.focus();
    else if (target.matches("details")) target.open = !target.open;
    else target.click();
  };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || keysOff()) return;
    if (e.target.matches("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]")) return;
    const key = e.key.toLowerCase();
    const target = all("[data-key]").find((x) => x.dataset.key === key && x.checkVisibility());
    const current = one("[data-list] .rn-cur [data-pick]");
    if (one("[data-list]") && key === "j") move(1);
    else if (one("[data-list]") && key === "k") move(-1);
    else if (current && key === "x") current.click();
    else if (target) press(target);
    else return;
    e.preventDefault();
  });

  // Files compared with an original. Without crypto.subtle (no https) the form sends them, and the server compares.
  const sha256 = async (file) =>
    [...new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))].map((b) => b.toString(16).padStart(2, "0")).join("");
  const compare = async (form) => {
    const file = one("input[type=file]", form)?.files[0];
    if (!file) return;
    const same = (await sha256(file)) === form.dataset.compare;
    one("[data-compare-same]").hidden = !same;
    one("[data-compare-different]").hidden = same;
  };
  if (window.crypto?.subtle) {
    const chosen = (e) => e.target.closest?.("[data-compare]");
    document.addEventListener("change", (e) => chosen(e) && compare(chosen(e)));
    document.addEventListener("submit", (e) => {
      if (!chosen(e) || !one("input[type=file]", e.target)?.files.length) return;
      e.preventDefault();
      compare(e.target);
    });
    document.addEventListener("dragover", (e) => chosen(e) && e.preventDefault());
    document.addEventListener("drop", (e) => {
      const form = chosen(e);
      if (!form || !e.dataTransfer.files.length) return;
      e.preventDefault();
      one("input[type=file]", form).files = e.dataTransfer.files;
      compare(form);
    });
  }

  for (const label of all("[data-reveal]")) {
    const box = one("input", label);
    const fields = label.dataset.reveal.split(" ").map((id) => document.getElementById(id));
    const show = (shown) => fields.forEach((f) => (f.type = shown ? "text" : "password"));
    box.addEventListener("change", () => show(box.checked));
    box.form.addEventListener("submit", () => show(false));
    addEventListener("pageshow", () => show((box.checked = false)));
    label.hidden = false;
  }

  appear();
  all("[data-list]").forEach(count);
  all("[data-keys-off]").forEach((c) => (c.checked = keysOff()));
  all("[data-keys]").forEach((k) => (k.hidden = false));
})();
