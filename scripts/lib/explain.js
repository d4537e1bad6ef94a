import { SetUpError } from './project.js';

/** Runs a set-up. What it could not do is said in words, without a stack, and ends the process with code 1. */
export async function orExplain(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(`backlot: ${error.message}`);
    process.exit(1);
  }
}
