declare module "worker:layout" {
  const script: string;
  export default script;
}
