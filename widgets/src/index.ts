import type { ScopeModel } from "./model";
import { isOf, openSession, type Session } from "./session";
import { openShell } from "./shell";
import { hideSnapshot } from "./snapshot";

interface InitializeProps {
  model: ScopeModel;
  signal?: AbortSignal;
}

interface RenderProps extends InitializeProps {
  el: HTMLElement;
}

/** The module's only export, as anywidget wants it: `initialize` once a model, `render` once a view. */
export default () => {
  let session: Session | undefined;
  return {
    initialize({ model, signal }: InitializeProps): () => void {
      const [life, end] = lifeOf(signal);
      session = openSession(model, life);
      return end;
    },
    render({ model, el, signal }: RenderProps): () => void {
      const [life, end] = lifeOf(signal);
      const own = session && isOf(session, model) ? session : openSession(model, life);
      openShell({ store: own.store, source: own.source, history: own.history, el, signal: life });
      hideSnapshot(el, life);
      return end;
    },
  };
};

/** A signal of our own: older hosts give none, and only call what `render` gave back. */
function lifeOf(outer: AbortSignal | undefined): [AbortSignal, () => void] {
  const life = new AbortController();
  const end = (): void => life.abort(new DOMException("The view is closed.", "AbortError"));
  if (outer?.aborted) end();
  outer?.addEventListener("abort", end, { once: true });
  return [life.signal, end];
}
