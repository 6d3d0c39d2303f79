declare module "cmake-js" {
  interface Options {
    directory: string;
    out: string;
    cMakeOptions: Record<string, string>;
    parallel: number;
    config: string;
  }
  interface BuildSystem {
    configure(): Promise<void>;
    build(): Promise<void>;
  }
  const cmakeJs: { BuildSystem: new (options: Options) => BuildSystem };
  export default cmakeJs;
}
