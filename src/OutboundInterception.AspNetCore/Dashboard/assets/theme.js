// Runs before the first paint, so that a dark page does not flash white.
(() => {
  const saved = localStorage.getItem("outbound-theme");
  const dark = saved ? saved === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
