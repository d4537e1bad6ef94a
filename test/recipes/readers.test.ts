import { describe, expect, it } from 'vitest';
import {
  A1111,
  FOOOCUS,
  INVOKE,
  MIDJOURNEY,
  NOVEL,
  SWARM,
  XMP_AI,
  cbor,
  comfyPrompt,
  comfyWorkflow,
  manifestStore,
} from '../../scripts/fixtures/recipes.js';
import { boundRecipe, weightsName } from '../../src/domain/recipe.ts';
import { readCbor } from '../../src/recipes/cbor.ts';
import { RECIPE_READERS, readRecipe } from '../../src/recipes/readers.ts';
import { commentOf } from '../../src/recipes/text.ts';
import { recipeReaderSuite } from '../suites/recipe-reader.ts';

type Texts = Readonly<Record<string, string | Buffer>>;
const blocksOf = (texts: Texts) =>
  new Map(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)]));
const read = (texts: Texts) => {
  const found = readRecipe([...blocksOf(texts)].map(([name, bytes]) => ({ name, bytes })));
  return found === null ? null : { ...boundRecipe(found.recipe), used: found.used };
};
const more = (recipe: ReturnType<typeof read>, name: string) =>
  recipe?.more?.find((one) => one.name === name)?.value;

const OPENAI = manifestStore({ generator: 'ChatGPT', agent: { name: 'GPT-4o' } });
const OLD_INVOKE = JSON.stringify({
  model_weights: 'stable-diffusion-1.5',
  model_hash: 'cc6cb27103417325ff94f52b7a5d2dde45a7515b25c255d8e396c90014281516',
  app_version: '2.3.5',
  image: {
    prompt: [{ prompt: 'a fox [dull]', weight: 1 }],
    steps: 50,
    cfg_scale: 7.5,
    seed: 42,
    sampler: 'k_lms',
    width: 512,
    height: 640,
  },
});
const INTACT: Readonly<Record<string, readonly Texts[]>> = {
  Automatic1111: [{ 'png:parameters': A1111 }, { 'exif:UserComment': `ASCII\0\0\0${A1111}` }],
  SwarmUI: [{ 'png:parameters': SWARM }],
  Fooocus: [{ 'png:parameters': FOOOCUS }],
  InvokeAI: [
    { 'png:invokeai_metadata': INVOKE },
    { 'png:sd-metadata': OLD_INVOKE },
    { 'png:Dream': '"a fox [dull]" -s 50 -S 42 -W 512 -H 640 -C 7.5 -A k_lms' },
  ],
  NovelAI: [
    { 'png:Software': 'NovelAI', 'png:Source': 'NovelAI Diffusion V4 4F49EC75', 'png:Comment': NOVEL },
  ],
  ComfyUI: [
    { 'png:prompt': comfyPrompt(), 'png:workflow': comfyWorkflow() },
    { 'png:workflow': comfyWorkflow() },
    { 'exif:Model': `prompt:${comfyPrompt()}`, 'exif:Make': `workflow:${comfyWorkflow()}` },
  ],
  Midjourney: [{ 'png:Description': MIDJOURNEY }],
  C2PA: [{ c2pa: OPENAI }],
  XMP: [{ xmp: XMP_AI }],
};

for (const reader of RECIPE_READERS) {
  recipeReaderSuite({ reader, intact: (INTACT[reader.name] ?? []).map(blocksOf) });
}

describe('Automatic1111 and Forge', () => {
  it('reads prompts of several lines with colons, a full seed, LoRAs with weights and hashes', () => {
    const recipe = read({ 'png:parameters': A1111 });
    expect(recipe).toMatchObject({
      tool: 'Automatic1111',
      negative: 'lowres, text: any, watermark',
      seed: '18446744073709551615',
      sampler: 'DPM++ 2M',
      scheduler: 'Karras',
      steps: 28,
      cfg: 6.5,
      width: 832,
      height: 1216,
      model: { name: 'dreamlandXL_v10', hash: '67ab2fd8ec' },
      loras: [
        { name: 'film_grain', weight: 0.6, hash: '9d2f1c3b4a55' },
        { name: 'add_detail', weight: -1, hash: '7c6bad76eb54' },
      ],
      used: ['png:parameters'],
    });
    expect(recipe?.prompt).toMatch(/^a lighthouse .*\nStyle: oil painting, time: 18:30/);
    expect(more(recipe, 'Hires upscaler')).toBe('4x-UltraSharp');
    expect(more(recipe, 'Denoising strength')).toBe('0.4');
  });

  it('tells Forge by its version and reads lists of hashes and resources', () => {
    const text =
      'a bay\nSteps: 4, Seed: 1, Size: 64x64, Version: f2.0.1v1.10.1, Hashes: {"model": "aabbccdd", "lora:Ink, wet": "0011223344"}, Civitai resources: [{"type":"lora","weight":0.9,"modelName":"Moss"},{"type":"checkpoint","modelName":"Base, one"}]';
    expect(read({ 'png:parameters': text })).toMatchObject({
      tool: 'Forge',
      model: { name: 'Base, one', hash: 'aabbccdd' },
      loras: [
        { name: 'Ink, wet', hash: '0011223344' },
        { name: 'Moss', weight: 0.9 },
      ],
    });
  });

  it('takes a comment of a camera for no recipe', () => {
    expect(read({ 'exif:UserComment': 'ASCII\0\0\0Taken at noon, Steps: to the beach' })).toBeNull();
    expect(read({ 'exif:UserComment': Buffer.alloc(64) })).toBeNull();
  });

  it('reads comments in either byte order', () => {
    const little = Buffer.from('UNICODE\0').toString('latin1');
    const text = '花 und Straße\nSteps: 3';
    const wide = Buffer.from(text, 'utf16le');
    const head = Buffer.from(little, 'latin1');
    expect(commentOf(Buffer.concat([head, wide]))).toBe(text);
    expect(commentOf(Buffer.concat([head, Buffer.from(wide).swap16()]))).toBe(text);
    expect(commentOf(Buffer.concat([head, Buffer.from(text)]))).toBe(text);
  });
});

describe('ComfyUI', () => {
  it('walks from the first sampler through unknown nodes, past muted LoRAs', () => {
    const recipe = read({ 'png:prompt': comfyPrompt(), 'png:workflow': comfyWorkflow() });
    expect(recipe).toMatchObject({
      tool: 'ComfyUI',
      prompt: 'a teapot of glass on basalt\nquixotic reflections',
      negative: 'blurry, cropped',
      seed: '13866401925467133421',
      sampler: 'dpmpp_2m',
      scheduler: 'karras',
      steps: 30,
      cfg: 5.5,
      width: 1024,
      height: 768,
      model: { name: 'XL/dreamlandXL_v10.safetensors' },
      loras: [
        { name: 'styles\\film_grain.safetensors', weight: 0.8 },
        { name: 'add_detail.safetensors', weight: 0.5 },
      ],
      used: ['png:workflow', 'png:prompt'],
    });
    expect(more(recipe, 'Nodes')).toBe('30');
    expect(more(recipe, 'Nodes of extensions')).toMatch(/^\d+: .*UnknownThing × 8/);
  });

  it('reads the graph of the editor when there is no other', () => {
    expect(read({ 'png:workflow': comfyWorkflow() })).toMatchObject({
      prompt: 'a paper crane',
      negative: 'ugly',
      seed: '77',
      steps: 20,
      cfg: 8,
      sampler: 'euler',
      width: 640,
      height: 512,
      model: { name: 'dreamlandXL_v10.safetensors' },
      loras: [{ name: 'film_grain.safetensors', weight: 0.8 }],
    });
  });

  it('reads a graph with a guider', () => {
    const node = (class_type: string, inputs: object) => ({ class_type, inputs });
    const graph = {
      1: node('SamplerCustomAdvanced', {
        noise: ['2', 0],
        guider: ['3', 0],
        sampler: ['4', 0],
        sigmas: ['5', 0],
        latent_image: ['6', 0],
      }),
      2: node('RandomNoise', { noise_seed: 9 }),
      3: node('BasicGuider', { model: ['7', 0], conditioning: ['8', 0] }),
      4: node('KSamplerSelect', { sampler_name: 'euler' }),
      5: node('BasicScheduler', { scheduler: 'simple', steps: 20, model: ['7', 0] }),
      6: node('EmptySD3LatentImage', { width: 1024, height: 512 }),
      7: node('UNETLoader', { unet_name: 'flux1-dev.safetensors' }),
      8: node('FluxGuidance', { guidance: 3.5, conditioning: ['9', 0] }),
      9: node('CLIPTextEncode', { text: 'a glass harp', clip: ['10', 0] }),
    };
    const recipe = read({ 'png:prompt': JSON.stringify(graph) });
    expect(recipe).toMatchObject({
      prompt: 'a glass harp',
      negative: null,
      seed: '9',
      steps: 20,
      scheduler: 'simple',
      sampler: 'euler',
      model: { name: 'flux1-dev.safetensors' },
      width: 1024,
    });
    expect(more(recipe, 'Guidance')).toBe('3.5');
  });

  it('comes to an end in circles and in chains of any length', () => {
    const graph: Record<string, unknown> = {
      s: {
        class_type: 'KSampler',
        inputs: { seed: 1, steps: 2, positive: ['n0', 0], model: ['s', 0], latent_image: ['s', 0] },
      },
    };
    for (let at = 0; at < 20_000; at += 1) {
      graph[`n${at}`] = {
        class_type: 'ConditioningCombine',
        inputs: { conditioning_1: [`n${at + 1}`, 0], conditioning_2: [`n${at}`, 0] },
      };
    }
    expect(read({ 'png:prompt': JSON.stringify(graph) })).toMatchObject({
      seed: '1',
      steps: 2,
      prompt: null,
    });
  });
});

describe('other generators', () => {
  it('reads InvokeAI in its three generations', () => {
    expect(read({ 'png:invokeai_metadata': INVOKE })).toMatchObject({
      tool: 'InvokeAI',
      prompt: 'a heron in reeds, kodachrome',
      seed: '3735928559',
      model: { name: 'juggernaut', hash: null },
      loras: [{ name: 'film_grain', weight: 0.75 }],
    });
    const older = {
      prompt: 'a fox',
      negative: 'dull',
      steps: 50,
      cfg: 7.5,
      seed: '42',
      sampler: 'k_lms',
      width: 512,
      height: 640,
    };
    expect(read({ 'png:sd-metadata': OLD_INVOKE })).toMatchObject({
      ...older,
      model: { name: 'stable-diffusion-1.5' },
    });
    const dream = '"a fox [dull]" -s 50 -S 42 -W 512 -H 640 -C 7.5 -A k_lms';
    expect(read({ 'png:Dream': dream })).toMatchObject(older);
  });

  it('parts the words of Midjourney from its flags and its job', () => {
    const recipe = read({ 'png:Description': MIDJOURNEY });
    expect(recipe).toMatchObject({
      tool: 'Midjourney',
      prompt: 'an owl made of brass gears, dim library',
      negative: 'feathers, text',
      seed: '4242',
      model: { name: 'Midjourney 6.1' },
    });
    expect(more(recipe, 'Aspect ratio')).toBe('16:9');
    expect(more(recipe, 'Job ID')).toBe('0d4f1c8e-77aa-4b1d-9d55-3c1a6f0b2e19');
    expect(read({ 'png:Description': 'A holiday --in Rome' })).toBeNull();
  });

  it('reads NovelAI, Fooocus and SwarmUI', () => {
    expect(read(INTACT['NovelAI']?.[0] ?? {})).toMatchObject({
      tool: 'NovelAI',
      prompt: '1girl, harbour, lantern festival',
      negative: 'worst quality',
      model: { name: 'NovelAI Diffusion V4', hash: '4f49ec75' },
    });
    expect(read({ 'png:parameters': FOOOCUS })).toMatchObject({
      tool: 'Fooocus',
      seed: '5283649999',
      width: 1152,
      model: { name: 'juggernautXL_v8', hash: 'aeb7e9e689' },
      loras: [{ name: 'sd_xl_offset_example-lora_1.0', weight: 0.1, hash: '4852686128' }],
    });
    expect(read({ 'png:parameters': SWARM })).toMatchObject({
      tool: 'SwarmUI',
      prompt: 'a walrus with a monocle',
      model: { name: 'flux/dev', hash: expect.stringMatching(/^4610115bb/) },
      loras: [{ name: 'film_grain', weight: 0.9, hash: expect.stringMatching(/^1{8}/) }],
    });
  });
});

describe('content credentials', () => {
  it('says what they claim and who made it, of the active manifest', () => {
    expect(read({ c2pa: OPENAI })).toMatchObject({
      tool: 'OpenAI',
      claim: { made: 'ai', generator: 'GPT-4o', credentials: true },
      used: ['c2pa'],
    });
  });

  it('takes a photo with credentials for no generated picture', () => {
    const source = 'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture';
    const photo = manifestStore({ generator: 'Leica', agent: 'Leica M11-P', source });
    expect(read({ c2pa: photo })).toMatchObject({
      tool: null,
      claim: { made: null, generator: 'Leica', credentials: true },
    });
  });

  it('adds the claim to a recipe of another kind, and reads the plain word in XMP', () => {
    expect(read({ c2pa: OPENAI, 'png:parameters': A1111 })).toMatchObject({
      tool: 'Automatic1111',
      steps: 28,
      claim: { made: 'ai' },
      used: ['png:parameters', 'c2pa'],
    });
    expect(read({ xmp: XMP_AI })).toMatchObject({
      claim: { made: 'ai', generator: 'Google AI', credentials: false },
    });
  });

  it('gives up on values that are cut, endless or too deep', () => {
    const value = { list: ['one', { two: [2, 300, 70] }], text: 'three' };
    expect(readCbor(cbor(value))).toEqual(value);
    const whole = cbor(value);
    for (let at = 0; at < whole.length; at += 1) expect(readCbor(whole.subarray(0, at))).toBeUndefined();
    expect(readCbor(Buffer.alloc(100_000, 0x81))).toBeUndefined();
    expect(readCbor(Buffer.from('9bffffffffffffffff', 'hex'))).toBeUndefined();
    expect(readCbor(Buffer.concat([Buffer.from([0x9f]), Buffer.alloc(100_000, 0x01)]))).toBeUndefined();
  });
});

it('compares weights without folder, ending and case', () => {
  expect(weightsName('Styles\\Sub/Film_Grain.SafeTensors')).toBe('film_grain');
  expect(weightsName('v1.5-pruned')).toBe('v1.5-pruned');
});
