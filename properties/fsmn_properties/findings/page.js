// Copies the script of a finding; a page from a file has no clipboard in some browsers, so the text is selected there.
for (const block of document.querySelectorAll(".script")) {
  const button = block.querySelector("button");
  const code = block.querySelector("pre");
  const say = (text) => {
    button.textContent = text;
    setTimeout(() => { button.textContent = "Copy script"; }, 4000);
  };
  const select = () => {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    let copied = false;
    try { copied = document.execCommand("copy"); } catch { copied = false; }
    say(copied ? "Copied" : "Selected: copy with Ctrl+C");
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (!navigator.clipboard) { select(); return; }
    navigator.clipboard.writeText(code.textContent).then(() => say("Copied"), select);
  });
}
