/** The usual folder, ignored by git. */
export const FIXTURES: string;

/** Fills the folder (default `FIXTURES`) with real files of every kind, once per state of the scripts; returns its path. */
export function makeFixtures(folder?: string): Promise<string>;
