/** The package has no types; its decoder is only handed on. */
declare module 'draco3dgltf' {
  const draco3d: { createDecoderModule(): Promise<object> };
  export default draco3d;
}
