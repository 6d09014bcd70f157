/**
 * CityHash128 as ClickHouse has it (version 1.0.2, which later ones do not agree with): the checksum of its compressed blocks. Sums
 * and products are cut to 64 bits at once: V8 keeps such BigInts in registers.
 */
export function cityHash128(bytes: Uint8Array): { readonly low: bigint; readonly high: bigint } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength;
  if (length >= 16) return seeded(view, 16, u64(view, 0) ^ K3, u64(view, 8));
  if (length < 8) throw new RangeError('a block is never this short');
  return seeded(view, length, u64(view, 0) ^ mul(BigInt(length), K0), u64(view, length - 8) ^ K1);
}

const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;
const K3 = 0xc949d7c7509e6557n;
const KMUL = 0x9ddfea08eb382d69n;

const u64 = (view: DataView, at: number): bigint => view.getBigUint64(at, true);
const add = (a: bigint, b: bigint): bigint => BigInt.asUintN(64, a + b);
const mul = (a: bigint, b: bigint): bigint => BigInt.asUintN(64, a * b);
const turn = (value: bigint, by: bigint): bigint => (value >> by) | BigInt.asUintN(64, value << (64n - by));
const shiftMix = (value: bigint): bigint => value ^ (value >> 47n);

function mix(u: bigint, v: bigint): bigint {
  const a = shiftMix(mul(u ^ v, KMUL));
  return mul(shiftMix(mul(v ^ a, KMUL)), KMUL);
}

/** Of 32 bytes, by two seeds. */
function weak(view: DataView, at: number, seed: bigint, other: bigint): readonly [bigint, bigint] {
  const a = add(seed, u64(view, at));
  const z = u64(view, at + 24);
  const b = turn(add(add(other, a), z), 21n);
  const c = add(add(a, u64(view, at + 8)), u64(view, at + 16));
  return [add(c, z), add(add(b, turn(c, 44n)), a)];
}

function seeded(view: DataView, from: number, low: bigint, high: bigint) {
  const length = view.byteLength - from;
  if (length < 128) return short(view, from, low, high);
  let [at, x, y, z] = [from, low, high, mul(BigInt(length), K1)];
  const first = add(mul(turn(y ^ K1, 49n), K1), u64(view, at));
  let v: readonly [bigint, bigint] = [first, add(mul(turn(first, 42n), K1), u64(view, at + 8))];
  let w: readonly [bigint, bigint] = [
    add(mul(turn(add(y, z), 35n), K1), x),
    mul(turn(add(x, u64(view, at + 88)), 53n), K1),
  ];
  // Rounds of 64 bytes come in pairs.
  for (const end = from + length - (length % 128); at < end; at += 64) {
    x = mul(turn(add(add(add(x, y), v[0]), u64(view, at + 16)), 37n), K1) ^ w[1];
    y = mul(turn(add(add(y, v[1]), u64(view, at + 48)), 42n), K1) ^ v[0];
    const turned = turn(z ^ w[0], 33n);
    v = weak(view, at, mul(v[1], K1), add(x, w[0]));
    w = weak(view, at + 32, add(turned, w[1]), y);
    [z, x] = [x, turned];
  }
  y = add(y, add(mul(turn(w[0], 37n), K0), z));
  x = add(x, mul(turn(add(v[0], z), 49n), K0));
  for (let done = 0, left = length % 128; done < left; ) {
    done += 32;
    const tail = from + length - done;
    y = add(mul(turn(BigInt.asUintN(64, y - x), 42n), K0), v[1]);
    const sum = add(w[0], u64(view, tail + 16));
    x = add(mul(turn(x, 49n), K0), sum);
    w = [add(sum, v[0]), w[1]];
    v = weak(view, tail, v[0], v[1]);
  }
  [x, y] = [mix(x, v[0]), mix(y, w[0])];
  return { low: add(mix(add(x, v[1]), w[1]), y), high: mix(add(x, w[1]), add(y, v[1])) };
}

function short(view: DataView, from: number, low: bigint, high: bigint) {
  const length = view.byteLength - from;
  let [a, b, c, d] = [low, high, 0n, 0n];
  if (length <= 16) {
    a = mul(shiftMix(mul(a, K1)), K1);
    c = add(mul(b, K1), tiny(view, from, length));
    d = shiftMix(add(a, length >= 8 ? u64(view, from) : c));
  } else {
    c = mix(add(u64(view, view.byteLength - 8), K1), a);
    d = mix(add(b, BigInt(length)), add(c, u64(view, view.byteLength - 16)));
    a = add(a, d);
    for (let at = from; at < view.byteLength - 16 || at === from; at += 16) {
      a = mul(a ^ mul(shiftMix(mul(u64(view, at), K1)), K1), K1);
      b ^= a;
      c = mul(c ^ mul(shiftMix(mul(u64(view, at + 8), K1)), K1), K1);
      d ^= c;
    }
  }
  const [left, right] = [mix(a, c), mix(d, b)];
  return { low: left ^ right, high: mix(right, left) };
}

function tiny(view: DataView, from: number, length: number): bigint {
  if (length > 8) {
    const [a, b] = [u64(view, from), u64(view, from + length - 8)];
    return mix(a, turn(add(b, BigInt(length)), BigInt(length))) ^ b;
  }
  if (length >= 4) {
    const [a, b] = [view.getUint32(from, true), view.getUint32(from + length - 4, true)];
    return mix(BigInt(length) + (BigInt(a) << 3n), BigInt(b));
  }
  if (length === 0) return K2;
  const [a, b, c] = [from, from + (length >> 1), from + length - 1].map((at) => view.getUint8(at));
  const [y, z] = [BigInt((a ?? 0) + ((b ?? 0) << 8)), BigInt(length + ((c ?? 0) << 2))];
  return mul(shiftMix(mul(y, K2) ^ mul(z, K3)), K2);
}
