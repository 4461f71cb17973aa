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

// Copies a correction: a line "comment,parent" for the file beside the document.
async function copy(line) {
  try {
    await navigator.clipboard.writeText(line);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: line });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
for (const button of document.querySelectorAll(".fix")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(`${button.dataset.line}\n`);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Correct"), 2000);
  });
}
