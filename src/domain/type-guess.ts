import type { AssetType, MediaType } from './asset-types.ts';

/** What is known of a file before anybody says what it is for. */
export interface TypeClues {
  readonly mediaType: MediaType;
  readonly fileName: string;
  /** Folders it lay in, outermost first, with slashes; empty when unknown. */
  readonly folder?: string | undefined;
}

interface Hint {
  readonly words: RegExp;
  readonly type: AssetType;
  readonly media: readonly MediaType[];
}

const hint = (type: AssetType, media: readonly MediaType[], words: RegExp): Hint => ({ type, media, words });

/** Words of names and folders that tell the purpose better than the media type does; the first that fits wins. */
const HINTS: readonly Hint[] = [
  hint('logo', ['image', 'document'], /\b(logo(s|type)?|wordmarks?|brand ?marks?|favicons?)\b/),
  hint('intro_template', ['video'], /\b(intros?|openers?|opening titles?)\b/),
  hint('outro', ['video'], /\b(outros?|end ?cards?|end ?screens?|closers?)\b/),
  hint('transition', ['video', 'image'], /\b(transitions?|wipes?|swipes?|luma ?mattes?)\b/),
  hint(
    'voiceover',
    ['audio', 'video'],
    /\b(voice ?overs?|vos?|narrat(ion|or)|interviews?|dialog(ue)?s?|adr)\b/,
  ),
  hint(
    'sound_effect',
    ['audio'],
    /\b(sfx|fx|foley|sound ?effects?|whoosh(es)?|clicks?|stingers?|risers?|impacts?)\b/,
  ),
  hint('ambience', ['audio'], /\b(ambiences?|ambients?|atmos?|room ?tones?|soundscapes?)\b/),
  hint('background_music', ['audio'], /\b(music|bgm|soundtracks?|scores?|beds?|jingles?|underscores?)\b/),
  hint('motion_capture', ['model3d', 'data', 'video'], /\b(mo ?cap|motion ?captures?)\b/),
  hint('particle_simulation', ['model3d', 'data', 'video'], /\b(particles?|vdb|simulations?|sims?)\b/),
  hint('rig', ['model3d'], /\b(rigs?|rigged|skeletons?|armatures?)\b/),
  hint('scene_file', ['model3d'], /\b(scenes?|sets?|environments?|levels?)\b/),
  hint('animation', ['model3d', 'video', 'image'], /\b(anim(s|ations?)?|lottie|walk ?cycles?)\b/),
  hint('material', ['image', 'model3d', 'data'], /\b(materials?|sbsar|mdl)\b/),
  hint(
    'texture',
    ['image'],
    /\b(textures?|albedo|base ?colou?r|normal ?maps?|roughness|metallic|displacements?|height ?maps?|ambient ?occlusion|hdri)\b/,
  ),
  hint('mood_board', ['image', 'document'], /\bmood ?boards?\b/),
  hint('style_reference', ['image'], /\b(style ?(refs?|references?|frames?|guides?)|srefs?)\b/),
  hint(
    'character_reference',
    ['image'],
    /\b(characters?( (sheets?|refs?|references?))?|turn ?arounds?|model sheets?|crefs?)\b/,
  ),
  hint('concept_art', ['image'], /\b(concepts?|concept ?art|key ?art|matte ?paintings?)\b/),
  hint('script', ['document'], /\b(scripts?|screenplays?|storyboards?|shot ?lists?)\b/),
  hint('controlnet', ['weights'], /\b(control ?nets?|t2i ?adapters?)\b/),
  hint('lora', ['weights'], /\b(loras?|lycoris|locon|loha|lokr|dora)\b/),
  hint('embedding', ['weights'], /\b(embeddings?|textual ?inversions?)\b/),
  hint('prompt_preset', ['document', 'data'], /\b(prompts?|presets?)\b/),
  hint('lut', ['lut', 'image', 'data'], /\bluts?\b/),
];

const BY_MEDIA: Readonly<Record<MediaType, AssetType>> = {
  image: 'image',
  video: 'video',
  audio: 'background_music',
  document: 'document',
  font: 'font',
  model3d: 'model_3d',
  weights: 'lora',
  lut: 'lut',
  data: 'other',
  other: 'other',
};

/**
 * Guesses what a file is for: by the words of its name, then of its folders from the innermost out, then by its media
 * type. One rule for the server, which applies it when nobody said a type, and for what clients show beforehand.
 */
export function guessType({ mediaType, fileName, folder = '' }: TypeClues): AssetType {
  const places = [fileName, ...folder.split('/').reverse()];
  for (const place of places) {
    const words = wordsOf(place);
    const found = HINTS.find((one) => one.media.includes(mediaType) && one.words.test(words));
    if (found !== undefined) return found.type;
  }
  // Checkpoints, encoders and the like come in every format; an adapter nearly always in this one.
  if (mediaType === 'weights' && !/\.safetensors$/i.test(fileName)) return 'other';
  return BY_MEDIA[mediaType];
}

/** Lower case, parted where names part words: camel case, digits, underscores, dots, dashes. */
function wordsOf(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/(\d)([a-z])|([a-z])(\d)/gi, '$1$3 $2$4')
    .replace(/[_\-.]+/g, ' ')
    .toLowerCase();
}
