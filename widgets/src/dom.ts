type Attributes = Record<string, string>;

/** An element with attributes and children; strings become text, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A node of a drawing, with attributes and children. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: SVGElement[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Outlines on a 16-pixel grid.
const ICONS = {
  lasso:
    "M8 2.5c3.3 0 6 1.7 6 4s-2.7 4-6 4-6-1.7-6-4 2.7-4 6-4ZM4.2 9.6c-1 .5-1.5 1.2-1.2 1.9.4.9 2 .6 2.4 1.4.2.5-.1 1-.6 1.4",
  box: "M4.5 2.5h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2Z",
  undo: "M5.6 2.8 2.8 5.6l2.8 2.8M3.2 5.6h6.3a3.7 3.7 0 0 1 0 7.4H6.2",
  redo: "M10.4 2.8l2.8 2.8-2.8 2.8M12.8 5.6H6.5a3.7 3.7 0 0 0 0 7.4h3.3",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  frame: "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3",
  target: "M8 1.8v2.4M8 11.8v2.4M1.8 8h2.4M11.8 8h2.4M8 4.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4Z",
  close: "m4.5 4.5 7 7M11.5 4.5l-7 7",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4ZM10.2 10.2l3.3 3.3",
  image: "M2.5 3.5h11v9h-11zM2.8 11.2l3.4-3.4 2.6 2.6 1.7-1.7 2.8 2.8M10.4 6.2h.01",
  open: "M9.5 2.5h4v4M13.2 2.8 9 7M6.5 13.5h-4v-4M2.8 13.2 7 9",
  back: "M9.8 3.5 5.3 8l4.5 4.5",
  forward: "m6.2 3.5 4.5 4.5-4.5 4.5",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  chevron: "m4 6.2 4 4 4-4",
  select: "M3 8.4 6.4 12 13 4.5",
  play: "M5.5 3.5v9L12.5 8Z",
  stop: "M4.5 4.5h7v7h-7Z",
  trails: "M2.5 13.2 5.6 9.9M7.2 8.2l2.4-2.5M11.7 2.4a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8Z",
} as const;

export type IconName = keyof typeof ICONS;

export function icon(name: IconName): SVGSVGElement {
  const attributes = { viewBox: "0 0 16 16", "aria-hidden": "true", class: "es-icon" };
  return svg("svg", attributes, svg("path", { d: ICONS[name] }));
}

/** A button whose only content is an icon: its name is for screen readers, and the tooltip for everybody else. */
export function iconButton(name: IconName, label: string, onClick: () => void): HTMLButtonElement {
  const button = element(
    "button",
    { type: "button", class: "es-tool", "aria-label": label, title: label },
    icon(name),
  );
  button.addEventListener("click", onClick);
  return button;
}
