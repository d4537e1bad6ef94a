/** The part of the font reader that is used here; every value comes from a file and may be missing or wrong. */
declare module 'fontkit' {
  export interface Path {
    readonly commands: readonly unknown[];
    toSVG(): string;
  }
  export interface Glyph {
    readonly path: Path;
    readonly advanceWidth: number;
  }
  export interface GlyphRun {
    readonly glyphs: readonly Glyph[];
    readonly positions: readonly {
      readonly xAdvance: number;
      readonly xOffset: number;
      readonly yOffset: number;
    }[];
  }
  export interface Axis {
    readonly min: number;
    readonly default: number;
    readonly max: number;
  }
  export interface Font {
    readonly type: string;
    readonly fullName: unknown;
    readonly familyName: unknown;
    readonly subfamilyName: unknown;
    readonly copyright: unknown;
    readonly version: unknown;
    readonly unitsPerEm: number;
    readonly ascent: number;
    readonly descent: number;
    readonly numGlyphs: number;
    readonly italicAngle: number;
    readonly characterSet: readonly number[];
    readonly variationAxes: Readonly<Record<string, Axis>>;
    readonly namedVariations: Readonly<Record<string, unknown>>;
    readonly 'OS/2'?: {
      readonly usWeightClass?: number;
      readonly usWidthClass?: number;
      readonly fsType?: Readonly<Record<string, boolean>>;
    };
    readonly post?: { readonly isFixedPitch?: number };
    readonly directory?: { readonly tables?: Readonly<Record<string, unknown>> };
    getName(key: string): unknown;
    layout(text: string): GlyphRun;
    glyphForCodePoint(codePoint: number): Glyph;
    hasGlyphForCodePoint(codePoint: number): boolean;
  }
  export interface Collection {
    readonly fonts: readonly Font[];
  }
  export function create(bytes: Buffer): Font | Collection;
}
