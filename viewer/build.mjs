// Builds the page: one HTML file with its style and script inside, and nothing else to load.
// `node build.mjs` writes retrograd/views/page.html; `--tests` bundles the unit tests instead.
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const LARGEST = 300_000; // bytes of the page without data
const TERMINAL = /^(diagnose|diff|failure|glossary|rules-|summary|terminal)/; // texts that only commands print
/** Bytes in base 85, as `unpackedDense` in src/data/packed.ts reads them. */
function dense(bytes) {
  const fill = (4 - (bytes.length % 4)) % 4;
  const padded = Buffer.concat([bytes, Buffer.alloc(fill)]);
  let text = String(fill);
  for (let at = 0; at < padded.length; at += 4) {
    let group = padded.readUInt32BE(at);
    let five = "";
    for (let digit = 0; digit < 5; digit++, group = Math.floor(group / 85)) five = String.fromCharCode((group % 85) + 40) + five;
    text += five.replaceAll("\\", "#").replaceAll("<", "%");
  }
  return text;
}

/** The ids of all messages, and what follows each of them in each language: they pack best so. */
function columns(texts) {
  const said = Object.entries(texts).map(([language, text]) => {
    const messages = text.split(/^(?=[a-z][\w-]* =)/m).filter((message) => message.trim());
    return [language, new Map(messages.map((message) => [message.slice(0, message.indexOf(" =")), message.slice(message.indexOf(" =")).trimEnd()]))];
  });
  const ids = [...new Set(said.flatMap(([, messages]) => [...messages.keys()]))];
  return [ids, Object.fromEntries(said.map(([language, messages]) => [language, ids.map((id) => messages.get(id) ?? "")]))];
}

/**
 * `import { packed, urgent } from "messages"`: the Fluent texts in columns, as JSON in gzip in
 * base 85, and apart from them what must be said where a browser cannot unpack them.
 */
const messages = {
  name: "messages",
  setup(plugin) {
    plugin.onResolve({ filter: /^messages$/ }, ({ path }) => ({ path, namespace: "messages" }));
    plugin.onLoad({ filter: /.*/, namespace: "messages" }, async () => {
      const root = join(here, "../retrograd/messages");
      const texts = {};
      const urgent = {};
      for (const entry of await readdir(root, { withFileTypes: true })) {
        if (!entry.isDirectory() || entry.name.startsWith("_")) continue;
        const files = (await readdir(join(root, entry.name))).filter((f) => f.endsWith(".ftl") && !TERMINAL.test(f));
        const read = files.sort().map((f) => readFile(join(root, entry.name, f), "utf8"));
        texts[entry.name] = (await Promise.all(read)).join("\n").replace(/^#.*\n/gm, "");
        urgent[entry.name] = /^page-old-browser = .*$/m.exec(texts[entry.name])[0];
      }
      const packed = dense(gzipSync(JSON.stringify(columns(texts)), { level: 9 }));
      return { contents: JSON.stringify({ packed, urgent }), loader: "json" };
    });
  },
};

/** `import script from "worker:layout"` gives the program of a thread as text. */
const workers = {
  name: "workers",
  setup(plugin) {
    plugin.onResolve({ filter: /^worker:/ }, ({ path }) => ({ path: path.slice(7), namespace: "worker" }));
    plugin.onLoad({ filter: /.*/, namespace: "worker" }, async ({ path }) => {
      const entry = join(here, `src/model/${path}_worker.ts`);
      const made = await build({ entryPoints: [entry], bundle: true, minify: true, write: false, format: "iife", target: "es2022" });
      return { contents: made.outputFiles[0].text, loader: "text" };
    });
  },
};

const options = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  logLevel: "warning",
  plugins: [messages, workers],
};

/** The value of a Content-Security-Policy source for a piece of inlined text. */
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

async function page() {
  const result = await build({
    ...options,
    entryPoints: ["src/main.tsx"],
    outdir: "build",
    minify: true,
    write: false,
    legalComments: "none",
  });
  const text = (ending) => result.outputFiles.find((file) => file.path.endsWith(ending)).text;
  // what would end the element early is the same program written otherwise
  const script = text(".js").replaceAll("</script", "<\\/script");
  const style = text(".css");
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    `style-src ${hash(style)}`,
    "worker-src blob:",
    "connect-src 'self'",
    "img-src data:",
    "font-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const template = await readFile(join(here, "src/page.html"), "utf8");
  const parts = { policy, style, script };
  const html = template.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
  const size = Buffer.byteLength(html);
  if (size > LARGEST) throw new Error(`the page has ${size} bytes, more than ${LARGEST}`);
  await writeFile(join(here, "../retrograd/views/page.html"), html);
  console.log(`page.html: ${(size / 1000).toFixed(0)} kB`);
}

async function tests() {
  const files = (await readdir(join(here, "tests"))).filter((name) => name.endsWith(".test.ts"));
  await mkdir(join(here, "build/tests"), { recursive: true });
  await build({
    ...options,
    entryPoints: files.map((name) => `tests/${name}`),
    outdir: "build/tests",
    outExtension: { ".js": ".mjs" },
    platform: "node",
    sourcemap: "inline",
  });
}

await (process.argv.includes("--tests") ? tests() : page());
