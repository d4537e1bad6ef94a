import { Check, CircleAlert, Lock, Pin, SquareDashed, Trash2, TriangleAlert } from 'lucide-react';
import { memo, useState } from 'react';
import type { AssetCard } from '../../client/index.ts';
import { SOURCE_WORDS, STATE_WORDS, TYPE_WORDS } from '../data/words.ts';
import { endingOf, formatBytes, formatDuration, plural, titleCase } from '../i18n/format.ts';
import { checkerOf, hasBackground } from '../viewers/kind.ts';
import { CardStars } from '../panels/card-stars.tsx';
import { FileIcon } from './file-icon.tsx';
import type { Rect } from './layout.ts';
import { MatchLine } from './matched.tsx';
import { PlayButton } from './play.tsx';
import { Scrub } from './scrub.tsx';

export interface CardProps {
  readonly card: AssetCard | undefined;
  readonly index: number;
  readonly total: number;
  /** Place in the layer. */
  readonly place: Rect;
  readonly isSelected: boolean;
  readonly isFocused: boolean;
  /** False in fast motion: a card that comes then shows its colour and name only. */
  readonly pictures: boolean;
}

export function cardId(index: number): string {
  return `card-${index}`;
}

/** One line: size, then what tells most about this kind of file, then its uses. */
function factsOf(card: AssetCard): string {
  const facts = [formatBytes(card.size)];
  if (card.duration !== null) facts.push(formatDuration(card.duration));
  else if (card.mediaType === 'image' && card.width !== null && card.height !== null)
    facts.push(`${card.width}×${card.height}`);
  else facts.push(endingOf(card.fileName));
  facts.push(card.usageCount === 0 ? 'unused' : plural(card.usageCount, 'use'));
  return facts.join(' · ');
}

export const Card = memo(function Card(props: CardProps) {
  const { card, index, place } = props;
  return (
    <div
      role="option"
      id={cardId(index)}
      className="card"
      data-index={index}
      draggable={card !== undefined}
      data-focused={props.isFocused || undefined}
      aria-selected={props.isSelected}
      aria-posinset={index + 1}
      aria-setsize={props.total}
      {...(card === undefined ? { 'aria-label': 'Loading' } : {})}
      style={{
        transform: `translate(${place.x}px, ${place.y}px)`,
        width: place.width,
        height: place.height,
      }}
    >
      {card === undefined ? (
        <div className="card-picture" />
      ) : (
        <>
          {/* Before the picture, which is drawn above it: a card is spoken by its name first. */}
          <div className="card-foot">
            <div className="card-name" dir="auto">
              {card.name}
            </div>
            {card.matched === undefined || card.matched.field === 'name' ? (
              <div className="card-facts">{factsOf(card)}</div>
            ) : (
              <MatchLine matched={card.matched} />
            )}
          </div>
          {/* For the pointer only: keys have Delete, fingers the selection's bar. */}
          <span className="card-trash" data-act="trash" title="Move to trash" aria-hidden>
            <Trash2 size={16} />
          </span>
          <Picture card={card} allowed={props.pictures} />
        </>
      )}
    </div>
  );
}, sameCard);

/** Places are made anew on every layout; what they say decides. */
function sameCard(a: CardProps, b: CardProps): boolean {
  return (
    a.card === b.card &&
    a.index === b.index &&
    a.total === b.total &&
    a.isSelected === b.isSelected &&
    a.isFocused === b.isFocused &&
    a.pictures === b.pictures &&
    a.place.x === b.place.x &&
    a.place.y === b.place.y &&
    a.place.width === b.place.width &&
    a.place.height === b.place.height
  );
}

/** Logos and transparent pictures are shown whole on a checker; everything else fills the frame. */
function isContained(card: AssetCard): boolean {
  return card.transparent === true || card.type === 'logo' || card.mediaType === 'font';
}

function Picture({ card, allowed }: { readonly card: AssetCard; readonly allowed: boolean }) {
  const [wasAllowed, setAllowed] = useState(allowed);
  const [broken, setBroken] = useState<string | null>(null);
  // A picture that was once asked for stays, also when fast motion starts again.
  if (allowed && !wasAllowed) setAllowed(true);
  const source = card.thumbnail;
  const showsPicture = source !== null && source !== broken;
  return (
    <div
      className="card-picture"
      data-contained={isContained(card) || undefined}
      data-checker={checkerOf(card)}
      // The head of a page says what it is.
      data-top={card.mediaType === 'document' || undefined}
      {...(card.colour === null || isContained(card) ? {} : { style: { backgroundColor: card.colour } })}
    >
      {showsPicture && wasAllowed ? (
        <img
          key={source}
          ref={abortOnRemoval}
          src={source}
          alt=""
          draggable={false}
          decoding="async"
          onError={() => setBroken(source)}
        />
      ) : null}
      {showsPicture ? null : (
        <span className="card-icon">
          <FileIcon mediaType={card.mediaType} />
        </span>
      )}
      {card.mediaType === 'video' && showsPicture ? <Scrub card={card} /> : null}
      <Marks card={card} />
      {card.mediaType === 'audio' ? <PlayButton card={card} /> : null}
      <span className="card-tick">
        <Check size={14} strokeWidth={3} aria-hidden />
      </span>
    </div>
  );
}

/** An image taken out of the page goes on loading; without its address it stops. */
function abortOnRemoval(image: HTMLImageElement | null) {
  return () => {
    if (image !== null && !image.complete) image.removeAttribute('src');
  };
}

function Marks({ card }: { readonly card: AssetCard }) {
  const reason = card.stateMessage ?? STATE_WORDS[card.state];
  return (
    <>
      <span className="card-marks">
        {card.state === 'ready' && card.stateReason === 'damaged' ? (
          <span className="card-mark" title={reason}>
            <TriangleAlert size={13} aria-hidden />
            <span className="sr-only">{reason}</span>
          </span>
        ) : null}
        {hasBackground(card) ? (
          <span className="card-mark" title="This logo has a background">
            <SquareDashed size={13} aria-hidden />
            <span className="sr-only">This logo has a background</span>
          </span>
        ) : null}
        <CardStars card={card} />
        {card.mustInclude ? (
          <span className="card-mark" title="Must include: enters every new production">
            <Pin size={13} aria-hidden />
            <span className="sr-only">Must include</span>
          </span>
        ) : null}
        {card.versionCount > 1 ? (
          <span className="card-mark" title={`Version ${card.version} of ${card.versionCount}`}>
            v{card.version}
          </span>
        ) : null}
      </span>
      {card.state === 'failed' || card.state === 'protected' ? (
        <span className="card-state" data-tone="bad" title={reason}>
          {card.state === 'failed' ? <CircleAlert size={13} aria-hidden /> : <Lock size={13} aria-hidden />}
          {card.stateReason === null ? STATE_WORDS[card.state] : titleCase(card.stateReason)}
        </span>
      ) : null}
      {card.state === 'processing' ? <span className="card-state">{STATE_WORDS.processing}</span> : null}
      <span className="card-badges">
        <span className="card-badge">{TYPE_WORDS[card.type]}</span>
        <span className="card-badge">{SOURCE_WORDS[card.source]}</span>
      </span>
    </>
  );
}
