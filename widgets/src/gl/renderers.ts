import { createRenderer } from "regl-scatterplot";

export type Renderer = ReturnType<typeof createRenderer>;

interface Shared {
  renderer: Renderer;
  users: Set<() => void>;
}

// Each widget's module has an address of its own, so that many maps on a page meet only on globalThis. The key names
// what lies there: a bundle with another renderer makes a registry of its own.
const KEY = Symbol.for("embedscope.renderers/regl-scatterplot-1.16/1");
const registry = globalThis as typeof globalThis & { [KEY]?: Shared | undefined };

export interface Lease {
  renderer: Renderer;
  release(): void;
}

/**
 * Borrow the page's one WebGL context. `onLost` is called once if the browser takes the context away; the next lease is
 * of a fresh one.
 */
export function leaseRenderer(onLost: () => void): Lease {
  const shared = registry[KEY] ?? openShared();
  shared.users.add(onLost);
  return {
    renderer: shared.renderer,
    release: () => {
      if (shared.users.delete(onLost) && shared.users.size === 0) close(shared);
    },
  };
}

function openShared(): Shared {
  if (!webglWorks()) throw new Error("This browser offers no WebGL, so that the map cannot be drawn.");
  const shared: Shared = { renderer: createRenderer(), users: new Set() };
  shared.renderer.canvas.addEventListener("webglcontextlost", () => lose(shared), { once: true });
  registry[KEY] = shared;
  return shared;
}

function lose(shared: Shared): void {
  if (registry[KEY] === shared) registry[KEY] = undefined;
  const users = [...shared.users];
  for (const onLost of users) onLost();
}

function close(shared: Shared): void {
  if (registry[KEY] === shared) registry[KEY] = undefined;
  const context = shared.renderer.canvas.getContext("webgl");
  shared.renderer.destroy();
  // A context that is only dropped counts against the browser's limit until it is collected.
  context?.getExtension("WEBGL_lose_context")?.loseContext();
}

function webglWorks(): boolean {
  const context = document.createElement("canvas").getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
