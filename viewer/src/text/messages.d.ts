declare module "messages" {
  /** The Fluent texts of each language. */
  const texts: Readonly<Record<string, string>>;
  export default texts;
}
