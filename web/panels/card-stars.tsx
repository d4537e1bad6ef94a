import { Star } from 'lucide-react';
import type { AssetCard } from '../../client/index.ts';

/** On a card: the person's own star, and the rating when there is one. */
export function CardStars({ card }: { readonly card: AssetCard }) {
  return (
    <>
      {card.rating === null ? null : (
        <span className="card-mark" title={`Rated ${card.rating} of 5`}>
          <span aria-hidden>{card.rating}★</span>
          <span className="sr-only">Rated {card.rating} of 5</span>
        </span>
      )}
      {card.favourite ? (
        <span className="card-mark" title="Your favourite">
          <Star size={13} aria-hidden className="fill-current" />
          <span className="sr-only">Favourite</span>
        </span>
      ) : null}
    </>
  );
}
