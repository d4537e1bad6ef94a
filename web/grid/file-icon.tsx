import {
  Box,
  Braces,
  Clapperboard,
  File,
  FileText,
  Image,
  Layers,
  Music,
  SwatchBook,
  Type,
} from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { MediaType } from '../../client/index.ts';

const ICONS: Readonly<Record<MediaType, LucideIcon>> = {
  image: Image,
  video: Clapperboard,
  audio: Music,
  document: FileText,
  font: Type,
  model3d: Box,
  weights: Layers,
  lut: SwatchBook,
  data: Braces,
  other: File,
};

export function FileIcon({
  mediaType,
  size = 28,
}: {
  readonly mediaType: MediaType;
  readonly size?: number;
}) {
  const Icon = ICONS[mediaType];
  return <Icon size={size} strokeWidth={1.5} aria-hidden />;
}
