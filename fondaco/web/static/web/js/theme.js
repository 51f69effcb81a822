// Appearance: applies the choice at once and remembers it, without loading the page again.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-theme-form]");
  const chosen = event.submitter?.value;
  if (!form || !chosen) return;
  event.preventDefault();
  document.documentElement.dataset.theme = chosen;
  document.querySelector('meta[name="color-scheme"]').content = chosen === "auto" ? "light dark" : chosen;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `fondaco_theme=${chosen}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
  form.closest("details")?.removeAttribute("open");
});
