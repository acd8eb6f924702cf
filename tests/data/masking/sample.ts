import { readFile } from "node:fs/promises";
import type { Frame } from "./frame";

export const MAX_FRAMES = 1733;

export interface Options {
  retries: number;
  label?: string;
}

export type Decoder = (frame: Frame) => string;

export class Reader {
  static readonly magic = 0x5eed;

  constructor(private readonly options: Options) {
    this.check(options);
  }

  async read(path: string): Promise<string[]> {
    const text = await readFile(path, "utf8");
    const lines = text.split("\n");
    const kept = lines.filter((line) => line.length > 0);
    return kept.map((line) => line.trim());
  }

  private check(options: Options): void {
    if (options.retries < 0) {
      throw new Error("retries");
    }
  }
}

export function decodeAll(frames: Frame[], decode: Decoder): string[] {
  const out: string[] = [];
  for (const frame of frames) {
    out.push(decode(frame));
  }
  return out;
}
