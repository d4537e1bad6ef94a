import type { AssetType } from '../domain/asset-types.ts';
import type { WeightsHeader } from './safetensors.ts';

/** What a set of weights is for, told from the names and shapes of its tensors. */
export interface WeightsKind {
  /** In words people use: LoRA, LoHa, ControlNet, Textual inversion, Checkpoint, … */
  readonly name: string;
  /** Only where it is certain. */
  readonly type?: AssetType;
}

interface Rule extends WeightsKind {
  readonly names: RegExp;
}

/** The first rule that a tensor's name satisfies wins: adapters repeat the names of what they adapt. */
const RULES: readonly Rule[] = [
  { name: 'LoHa', type: 'lora', names: /\.hada_w[12]_[ab]$/ },
  { name: 'LoKr', type: 'lora', names: /\.lokr_w[12]/ },
  { name: 'DoRA', type: 'lora', names: /dora_scale|lora_magnitude_vector/ },
  { name: 'ControlLoRA', type: 'controlnet', names: /^lora_controlnet$/ },
  {
    name: 'ControlNet',
    type: 'controlnet',
    names:
      /^control_model\.|controlnet_cond_embedding|controlnet_down_blocks|controlnet_blocks|input_hint_block|zero_convs\.0|^nested\.zero_module|pos_embed_input|controlnet_x_embedder/,
  },
  {
    name: 'LoRA',
    type: 'lora',
    names: /lora[._](up|down|mid|[ab])\b|lora_unet_|lora_te|\.lora_linear_layer\.|lora_down|\.alpha$/i,
  },
  { name: 'IP-Adapter', names: /^ip_adapter\.|^image_proj\./ },
  { name: 'T2I-Adapter', names: /^adapter\.(body|conv_in)|^body\.\d+\.(in_conv|resnets)/ },
  { name: 'Textual inversion', type: 'embedding', names: /^(emb_params|string_to_param|clip_[gl]|<[^>]+>)$/ },
  { name: 'Motion module', names: /motion_modules\./ },
  {
    name: 'Checkpoint',
    names: /^model\.diffusion_model\.|^first_stage_model\.|^cond_stage_model\.|^conditioner\.embedders\./,
  },
  {
    name: 'Diffusion transformer',
    names:
      /^(model\.)?(double_blocks|joint_blocks|transformer_blocks|single_transformer_blocks|blocks\.0\.(cross_attn|self_attn))/,
  },
  { name: 'U-Net', names: /^(down_blocks|input_blocks|mid_block)\./ },
  { name: 'VAE', names: /^(encoder|decoder)\.(conv_in|conv_out|mid|up|down)/ },
  { name: 'Text encoder', names: /^text_model\.|^encoder\.block\.0\.layer|^shared\.weight$/ },
  {
    name: 'Upscaler',
    names: /^(conv_first|RRDB_trunk|body\.\d+\.rdb|model\.1\.sub|layers\.0\.residual_group)/,
  },
  { name: 'Language model', names: /^(model\.)?layers\.\d+\.(self_attn|mlp)\.|^transformer\.h\.\d+\./ },
  { name: 'Image encoder', names: /^(vision_model|visual)\./ },
];

const ADAPTERS = new Set(['LoRA', 'LoHa', 'LoKr', 'DoRA']);

export function kindOfWeights({ tensors, metadata }: WeightsHeader): WeightsKind {
  const said = (metadata['modelspec.architecture'] ?? '').toLowerCase();
  if (/\/control-?net/.test(said)) return { name: 'ControlNet', type: 'controlnet' };
  if (/\/textual-inversion/.test(said)) return { name: 'Textual inversion', type: 'embedding' };
  const names = tensors.map(({ name }) => name);
  for (const { names: pattern, ...kind } of RULES) {
    if (names.some((name) => pattern.test(name))) return kind;
  }
  if (/\/lora/.test(said) || metadata['ss_network_module'] !== undefined)
    return { name: 'LoRA', type: 'lora' };
  return { name: 'Weights' };
}

export function isAdapter(kind: WeightsKind): boolean {
  return ADAPTERS.has(kind.name);
}

/** Families as the training tools spell them, and as people do. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/flux/i, 'FLUX'],
  [/stable-diffusion-xl|sdxl|sd_xl/i, 'SDXL'],
  [/stable-diffusion-3|sd3/i, 'Stable Diffusion 3'],
  [/stable-diffusion-v2|sd_v2|^v2|sd2/i, 'Stable Diffusion 2'],
  [/stable-diffusion-v1|sd_v1|^v1|sd15|sd1/i, 'Stable Diffusion 1.5'],
  [/hunyuan.*video/i, 'HunyuanVideo'],
  [/wan.?2/i, 'Wan'],
  [/qwen/i, 'Qwen-Image'],
  [/pixart/i, 'PixArt'],
  [/chroma/i, 'Chroma'],
  [/lumina/i, 'Lumina'],
  [/pony/i, 'Pony (SDXL)'],
];

/** Names of tensors that only one family has. */
const BY_TENSOR: readonly (readonly [RegExp, string])[] = [
  [/double_blocks|single_transformer_blocks|lora_unet_single_blocks/, 'FLUX'],
  [/joint_blocks/, 'Stable Diffusion 3'],
  [/lora_te2_|conditioner\.embedders\.1|^clip_g$|add_embedding\.linear_1|label_emb\.0\.0/, 'SDXL'],
];

/** Width of the text that the cross attention sees, by family. */
const BY_WIDTH: Readonly<Record<number, string>> = {
  768: 'Stable Diffusion 1.5',
  1024: 'Stable Diffusion 2',
  2048: 'SDXL',
};

/** The family a set of weights belongs to: as said by the trainer, else as its shapes show; unknown when neither tells. */
export function baseModelOf({ tensors, metadata }: WeightsHeader): string | undefined {
  const said = [
    metadata['modelspec.architecture'],
    metadata['ss_base_model_version'],
    metadata['ss_sd_model_name'],
    metadata['base_model'],
  ];
  for (const word of said) {
    const family = FAMILIES.find(([pattern]) => word !== undefined && pattern.test(word));
    if (family !== undefined) return family[1];
  }
  for (const [pattern, family] of BY_TENSOR) {
    if (tensors.some(({ name }) => pattern.test(name))) return family;
  }
  const attention = tensors.find(({ name }) =>
    /attn2[._]to_k.*(weight$|down\.weight$|lora_A\.weight$)/.test(name),
  );
  const embedding = tensors.find(({ name }) => /^(emb_params|clip_l)$/.test(name));
  return BY_WIDTH[attention?.shape[1] ?? embedding?.shape.at(-1) ?? 0];
}
