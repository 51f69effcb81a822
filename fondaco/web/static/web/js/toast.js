// Toasts leave by themselves, except bad news; a failed htmx request says so instead of doing nothing.
const region = document.getElementById("toasts");
const STAYS = ".toast--bad, .toast--warn";
const LEAVE_MS = 7000;

function watch(toast) {
  if (toast.dataset.watched) return;
  toast.dataset.watched = "yes";
  if (toast.matches(STAYS)) return;
  let timer = setTimeout(() => leave(toast), LEAVE_MS);
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => leave(toast), LEAVE_MS)));
}

function leave(toast) {
  toast.dataset.leaving = "";
  setTimeout(() => toast.remove(), 300);
}

export function say(words, tone = "bad") {
  const toast = document.createElement("div");
  toast.className = `toast toast--${tone}`;
  const text = document.createElement("div");
  text.textContent = words;
  toast.append(document.createElement("span"), text);
  region.append(toast);
}

region.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".toast").remove());
new MutationObserver(() => region.querySelectorAll(".toast").forEach(watch)).observe(region, { childList: true });
region.querySelectorAll(".toast").forEach(watch);

// The server sends a refusal to its own region by HX-Retarget; such an answer is shown although its status is 4xx.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 422 || xhr.getResponseHeader("HX-Retarget")) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:responseError", (event) => {
  if (!event.detail.xhr.getResponseHeader("HX-Retarget")) say(region.dataset.failed);
});
document.addEventListener("htmx:sendError", () => say(region.dataset.offline));
