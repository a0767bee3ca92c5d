import type { WireArray } from "./model";

const ARRAYS = {
  float32: Float32Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
  uint8: Uint8Array,
} as const;

type Arrays = { [K in keyof typeof ARRAYS]: InstanceType<(typeof ARRAYS)[K]> };

/** A view of a wire array's bytes; they are copied only where their offset is not a multiple of the item's size. */
export function decode<D extends WireArray["dtype"]>(
  wire: WireArray,
  name: string,
  ...dtypes: D[]
): Arrays[D] {
  if (!dtypes.includes(wire?.dtype as D)) {
    throw new TypeError(`${name}: expected ${dtypes.join(" or ")}, got ${String(wire?.dtype)}`);
  }
  const ArrayType = ARRAYS[wire.dtype];
  const { buffer, byteOffset, byteLength } = bytesOf(wire.data);
  const length = wire.shape.reduce((product, size) => product * size, 1);
  const itemSize = ArrayType.BYTES_PER_ELEMENT;
  if (byteLength !== length * itemSize) {
    throw new RangeError(
      `${name}: shape [${wire.shape.join(", ")}] of ${wire.dtype} needs ${length * itemSize} bytes, got ${byteLength}`,
    );
  }
  const array =
    byteOffset % itemSize === 0
      ? new ArrayType(buffer as ArrayBuffer, byteOffset, length)
      : new ArrayType(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
  return array as Arrays[D];
}

/** Rows as a wire array; the bytes are copied, since the store keeps its own. */
export function encodeRows(rows: Uint32Array): WireArray {
  return { dtype: "uint32", shape: [rows.length], data: new DataView(rows.slice().buffer) };
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): {
  buffer: ArrayBufferLike;
  byteOffset: number;
  byteLength: number;
} {
  return ArrayBuffer.isView(data) ? data : { buffer: data, byteOffset: 0, byteLength: data.byteLength };
}
