// Opens and closes all of the tree. Without it every branch still opens by itself.
for (const bar of document.querySelectorAll("[data-tree-buttons]")) {
  bar.hidden = false;
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    for (const branch of document.querySelectorAll(".tree details")) {
      branch.open = button.value === "open";
    }
  });
}
