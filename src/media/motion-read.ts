/** A motion clip: a skeleton and the numbers of every frame. */
export interface Motion {
  readonly joints: readonly Joint[];
  readonly frames: number;
  /** Seconds per frame. */
  readonly frameTime: number;
  /** `channels` numbers per frame. */
  readonly channels: number;
  readonly values: Float32Array;
}

interface Joint {
  readonly name: string;
  /** Index of the parent, −1 for a root. */
  readonly parent: number;
  readonly offset: readonly [number, number, number];
  /** Axis names as in the file, and where its first number stands in a frame. */
  readonly channels: readonly string[];
  readonly first: number;
}

const MOST_JOINTS = 2000;
const MOST_VALUES = 20_000_000;

/** Reads a BVH; null when its skeleton or its frames are not what they say. */
export function readMotion(text: string): Motion | null {
  const split = text.indexOf('MOTION');
  if (split < 0) return null;
  const joints = readSkeleton(text.slice(0, split));
  if (joints === null) return null;
  const channels = joints.reduce((sum, joint) => sum + joint.channels.length, 0);
  const head = /^MOTION\s+Frames:\s*(\d+)\s+Frame Time:\s*([\d.eE+-]+)/.exec(text.slice(split, split + 400));
  const frames = Number(head?.[1]);
  const frameTime = Number(head?.[2]);
  const sound = Number.isSafeInteger(frames) && frames > 0 && frameTime > 0 && Number.isFinite(frameTime);
  if (head === null || !sound || channels === 0 || frames * channels > MOST_VALUES) return null;
  const numbers = text.slice(split + head[0].length);
  const values = new Float32Array(frames * channels);
  let at = 0;
  for (const [word] of numbers.matchAll(/[^\s]+/g)) {
    const value = Number(word);
    if (at >= values.length || !Number.isFinite(value)) break;
    values[at] = value;
    at += 1;
  }
  return at < values.length ? null : { joints, frames, frameTime, channels, values };
}

function readSkeleton(text: string): Joint[] | null {
  const words = text.split(/\s+/);
  const joints: Joint[] = [];
  const open: number[] = [];
  let next: { name: string; channels: string[]; offset: [number, number, number] } | null = null;
  let first = 0;
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i];
    if (word === 'ROOT' || word === 'JOINT' || word === 'End') {
      next = { name: words[i + 1] ?? '', channels: [], offset: [0, 0, 0] };
      joints.push({ ...next, parent: open.at(-1) ?? -1, first });
      if (joints.length > MOST_JOINTS) return null;
    } else if (word === '{') open.push(joints.length - 1);
    else if (word === '}') open.pop();
    else if (word === 'OFFSET' || word === 'CHANNELS') {
      const joint = joints[open.at(-1) ?? -1];
      if (joint === undefined) return null;
      const count = word === 'OFFSET' ? 3 : Number(words[i + 1]);
      if (!(count >= 0 && count <= 6)) return null;
      const from = word === 'OFFSET' ? i + 1 : i + 2;
      const read = words.slice(from, from + count);
      if (word === 'OFFSET') {
        const [x = 0, y = 0, z = 0] = read.map(Number);
        if (![x, y, z].every(Number.isFinite)) return null;
        joints[open.at(-1) ?? 0] = { ...joint, offset: [x, y, z] };
      } else {
        joints[open.at(-1) ?? 0] = { ...joint, channels: read, first };
        first += count;
      }
    }
  }
  return joints.length === 0 || open.length > 0 ? null : joints;
}

type Matrix = readonly [Row, Row, Row];
type Row = readonly [number, number, number];
const STILL: Matrix = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** Where every joint is in one frame. */
export function poseOf(motion: Motion, frame: number): Row[] {
  const places: { at: Row; turn: Matrix }[] = [];
  for (const joint of motion.joints) {
    const parent = places[joint.parent] ?? { at: [0, 0, 0] as const, turn: STILL };
    let turn: Matrix = parent.turn;
    const moved: [number, number, number] = [...joint.offset];
    joint.channels.forEach((channel, i) => {
      const value = motion.values[frame * motion.channels + joint.first + i] ?? 0;
      const axis = 'XYZ'.indexOf(channel.charAt(0));
      if (axis < 0) return;
      if (channel.endsWith('position')) moved[axis] = value;
      else turn = times(turn, turned(axis, (value * Math.PI) / 180));
    });
    const step = apply(parent.turn, moved);
    places.push({ at: [parent.at[0] + step[0], parent.at[1] + step[1], parent.at[2] + step[2]], turn });
  }
  return places.map(({ at }) => at);
}

function turned(axis: number, angle: number): Matrix {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  if (axis === 0)
    return [
      [1, 0, 0],
      [0, c, -s],
      [0, s, c],
    ];
  if (axis === 1)
    return [
      [c, 0, s],
      [0, 1, 0],
      [-s, 0, c],
    ];
  return [
    [c, -s, 0],
    [s, c, 0],
    [0, 0, 1],
  ];
}

function times(a: Matrix, b: Matrix): Matrix {
  const row = (r: Row): Row => [
    r[0] * b[0][0] + r[1] * b[1][0] + r[2] * b[2][0],
    r[0] * b[0][1] + r[1] * b[1][1] + r[2] * b[2][1],
    r[0] * b[0][2] + r[1] * b[1][2] + r[2] * b[2][2],
  ];
  return [row(a[0]), row(a[1]), row(a[2])];
}

function apply(m: Matrix, [x, y, z]: Row): Row {
  return [
    m[0][0] * x + m[0][1] * y + m[0][2] * z,
    m[1][0] * x + m[1][1] * y + m[1][2] * z,
    m[2][0] * x + m[2][1] * y + m[2][2] * z,
  ];
}
