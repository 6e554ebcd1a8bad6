declare module "messages" {
  /** The ids of all messages, and by language what follows each: JSON in gzip in base 85. */
  export const packed: string;
  /** What must be said where those cannot be unpacked. */
  export const urgent: Readonly<Record<string, string>>;
}
