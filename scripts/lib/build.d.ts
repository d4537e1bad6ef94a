/** Whether `dist` holds the server of the sources as they are. */
export function isServerBuilt(): boolean;
