import type { Renderer } from "./renderers";

/** What a plot's points are and how they are drawn; asked for each frame. */
export interface Tuning {
  /** Every so many points are drawn: 1 is all of them. */
  every(): number;
  /** How many times more opaque than painted the points are. */
  gain(): number;
  /** Writes the points into the texture that the shader reads: x, y, level and 0 of each. */
  fill(texels: Float32Array): void;
  /** Told of each texture that was filled, how to fill it again in place: as long as it lives, and with as many points. */
  filled?(again: () => void): void;
}

interface TextureOptions {
  data?: unknown;
}

interface Command {
  attributes?: { stateIndex?: { buffer: unknown; size: number; stride?: number } };
  uniforms?: Record<string, unknown>;
  count?: unknown;
}

type Uniform = (context: unknown, props: unknown, batch: number) => number;
type Draw = (...args: unknown[]) => unknown;

/** A stride is a byte, and a point is two floats in the buffer of indices. */
export const MOST_SKIPPED = 31;

// No texture of colours or opacities begins so.
const BLANK = [-1.5e30, 2.5e30, -3.5e30, 0];

/** As many blank points as there are points: the plot counts them, and `Tuning.fill` puts the real ones in their place. */
export function blankPoints(count: number): number[][] {
  return new Array<number[]>(count).fill(BLANK);
}

/**
 * A renderer for one plot that lets its points be tuned. The plot wants an array for every point, which is slow to make and
 * takes ten times the room of the numbers in it; here they go from typed arrays straight into the texture.
 */
export function tuned(renderer: Renderer, tuning: Tuning): Renderer {
  const { regl } = renderer;
  const command = (spec: Command): Draw => (isBodies(spec) ? bodies(regl, spec, tuning) : make(regl, spec));
  const texture = (options: TextureOptions): unknown => {
    const { data } = options;
    if (!isBlank(data)) return regl.texture(options as never);
    tuning.fill(data);
    const made = regl.texture(options as never);
    const side = Math.sqrt(data.length / 4);
    tuning.filled?.(() => {
      tuning.fill(data);
      made.subimage({ data, width: side, height: side } as never);
    });
    return made;
  };
  const own = Object.assign(command, regl, { texture });
  return Object.create(renderer, { regl: { value: own } }) as Renderer;
}

function isBodies({ attributes, uniforms }: Command): boolean {
  return attributes?.stateIndex !== undefined && uniforms?.globalState === 0;
}

function isBlank(data: unknown): data is Float32Array {
  return (
    data instanceof Float32Array && BLANK.slice(0, 3).every((value, i) => data[i] === Math.fround(value))
  );
}

/** The command that draws the points: all of them, or an even sample. */
function bodies(regl: Renderer["regl"], spec: Command, tuning: Tuning): Draw {
  const { count, uniforms = {}, attributes } = spec as { count: () => number } & Command;
  const scale = uniforms.pointOpacityScale as Uniform;
  const opaquer: Uniform = (...args) => scale(...args) * tuning.gain();
  const kept = { ...spec, uniforms: { ...uniforms, pointOpacityScale: opaquer } };
  const commands = new Map<number, Draw>([[1, make(regl, kept)]]);
  return (...args) => {
    const every = tuning.every();
    const draw =
      commands.get(every) ??
      make(regl, {
        ...kept,
        attributes: { ...attributes, stateIndex: { ...attributes?.stateIndex, stride: 8 * every } as never },
        count: () => Math.floor(count() / every),
      });
    commands.set(every, draw);
    return draw(...args);
  };
}

function make(regl: Renderer["regl"], spec: Command): Draw {
  return regl(spec as never) as unknown as Draw;
}
