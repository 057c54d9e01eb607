// Copying a formula gives its TeX: the annotation that KaTeX keeps beside what it draws.
document.addEventListener("copy", (event) => {
  const selection = getSelection()
  if (!selection || selection.isCollapsed || !event.clipboardData) return
  const range = selection.getRangeAt(0)
  const closest = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(".katex")
  const first = closest(range.startContainer)
  const last = closest(range.endContainer)
  if (first) range.setStartBefore(first)
  if (last) range.setEndAfter(last)
  const copied = range.cloneContents()
  const formulas = copied.querySelectorAll(".katex")
  if (!formulas.length) return
  for (const formula of formulas) {
    const tex = formula.querySelector("annotation")?.textContent ?? formula.textContent
    formula.replaceWith(formula.closest(".katex-display") ? `$$${tex}$$` : `$${tex}$`)
  }
  for (const mark of copied.querySelectorAll(".bp-mark, .bp-no")) mark.remove()
  event.clipboardData.setData("text/plain", copied.textContent)
  event.preventDefault()
})

// A card opens beside its mark, and stays inside of the window.
document.addEventListener("toggle", (event) => {
  const card = event.target
  if (!(card instanceof HTMLElement) || !card.matches(".bp-card") || event.newState !== "open") return
  const mark = document.querySelector(`[popovertarget="${CSS.escape(card.id)}"]`)
  if (!mark) return
  const box = mark.getBoundingClientRect()
  card.style.margin = "0"
  card.style.inset = "auto"
  card.style.left = `${Math.max(8, Math.min(box.right - card.offsetWidth, innerWidth - card.offsetWidth - 8))}px`
  card.style.top = `${box.bottom + 8 + card.offsetHeight > innerHeight ? Math.max(8, box.top - card.offsetHeight - 8) : box.bottom + 8}px`
}, true)
