import sharp from 'sharp';
import { toRaster } from './picture.ts';
import type { Raster } from './raster.ts';

const SKIN = ['#3b2219', '#6b3e2a', '#a1663f', '#d19a72', '#edc6a3', '#f7dfc8'];
const PRIMARIES = ['#b5262b', '#2f8f46', '#2b4fae', '#e8c51d', '#b23a92', '#1f8fae'];

/** A drawn picture with what a look changes visibly: sky, dusk, foliage, water, skin, pure colours and a grey ramp. */
export function samplePicture(width: number, height: number): Promise<Raster> {
  const steps = [...SKIN, ...PRIMARIES];
  const patches = steps
    .map((colour, i) => `<rect x="${i * 50}" y="300" width="50" height="38" fill="${colour}"/>`)
    .join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 600 375" preserveAspectRatio="none">
<defs>
<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#2a5f9e"/><stop offset=".55" stop-color="#8fb8d8"/><stop offset=".85" stop-color="#f0c48a"/><stop offset="1" stop-color="#f6a45e"/></linearGradient>
<linearGradient id="sea" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#c98e62"/><stop offset=".35" stop-color="#3f7382"/><stop offset="1" stop-color="#12303d"/></linearGradient>
<linearGradient id="grey"><stop offset="0" stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>
<radialGradient id="sun"><stop offset="0" stop-color="#fff6dd"/><stop offset=".25" stop-color="#ffe2a3" stop-opacity=".8"/><stop offset="1" stop-color="#ffc36b" stop-opacity="0"/></radialGradient>
<radialGradient id="leaf" cx=".4" cy=".3"><stop offset="0" stop-color="#8fae4b"/><stop offset="1" stop-color="#24401f"/></radialGradient>
<filter id="soft"><feGaussianBlur stdDeviation="1.1"/></filter>
</defs>
<rect width="600" height="190" fill="url(#sky)"/>
<circle cx="395" cy="150" r="110" fill="url(#sun)"/>
<g filter="url(#soft)"><path d="M0 190V128L70 92l66 48 78-66 92 74 84-38 110 44 100-52V190Z" fill="#56617a"/>
<path d="M0 190v-26l110-34 120 40 130-30 130 34 110-30v46Z" fill="#3c4750"/></g>
<rect y="190" width="600" height="110" fill="url(#sea)"/>
<path d="M330 200h130M352 214h90M366 230h62M376 250h40" stroke="#ffe0b0" stroke-width="4" stroke-linecap="round" opacity=".75"/>
<g filter="url(#soft)"><path d="M0 300v-70c40-26 90-20 120 6 34 28 40 48 52 64Z" fill="#2b3620"/>
<circle cx="46" cy="196" r="46" fill="url(#leaf)"/><circle cx="96" cy="214" r="38" fill="url(#leaf)"/><circle cx="14" cy="228" r="40" fill="url(#leaf)"/></g>
<g filter="url(#soft)" transform="translate(57 0)"><path d="M196 300c0-40 18-58 46-62 30 4 48 24 48 62Z" fill="#8f2f36"/><ellipse cx="243" cy="208" rx="24" ry="31" fill="#d6a07a"/><path d="M218 204c-2-30 12-40 26-40s30 10 26 42c-6-18-14-24-26-24s-20 6-26 22Z" fill="#3a2218"/></g>
${patches}<rect y="338" width="600" height="37" fill="url(#grey)"/></svg>`;
  return toRaster(sharp(Buffer.from(svg)));
}
