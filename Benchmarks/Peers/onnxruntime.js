// Runs ONNX models for the benchmarks: one JSON request a line on stdin, one JSON answer a line on stdout.
// Outputs go into a preallocated tensor, so that no copy of them is timed. The session's threads, optimisations and spinning are the library's defaults but for the thread count.
'use strict';
const fs = require('fs');
const path = require('path');
const readline = require('readline');

const answer = (value) => process.stdout.write(JSON.stringify(value) + '\n');

let ort;
try {
  ort = require('onnxruntime-node');
} catch (error) {
  answer({ error: String(error.message).split('\n')[0] });
  process.exit(1);
}

const works = new Map();

const floats = (input) => {
  const count = input.shape.reduce((a, b) => a * b, 1);
  if (!input.file) return new Float32Array(count).fill(0.5);
  const bytes = fs.readFileSync(input.file);
  return new Float32Array(bytes.buffer, bytes.byteOffset, count);
};

const zeros = (shape) => new ort.Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

// Kernel times of the nodes out of the library's own profile, in microseconds, for all runs.
const nodeTimes = (prefix) => {
  const folder = path.dirname(prefix);
  const file = fs.readdirSync(folder).find((name) => name.startsWith(path.basename(prefix)));
  const events = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
  fs.unlinkSync(path.join(folder, file));
  const nodes = new Map();
  for (const event of events) {
    if (event.cat !== 'Node' || !event.name.endsWith('_kernel_time')) continue;
    const key = event.name.slice(0, -'_kernel_time'.length);
    if (!nodes.has(key)) nodes.set(key, { op: event.args.op_name, ms: [] });
    nodes.get(key).ms.push(event.dur / 1000);
  }
  return [...nodes].map(([name, node]) => ({ name, ...node }));
};

const handle = async (request) => {
  switch (request.do) {
    case 'load': {
      const options = { intraOpNumThreads: request.threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all', executionProviders: ['cpu'] };
      if (request.profile) Object.assign(options, { enableProfiling: true, profileFilePrefix: request.profile });
      const session = await ort.InferenceSession.create(request.model, options);
      const feeds = {};
      for (const input of request.inputs) feeds[input.name] = new ort.Tensor('float32', floats(input), input.shape);
      const fetches = { [session.outputNames[0]]: zeros(request.outputShape) };
      works.set(request.id, { session, feeds, fetches, profile: request.profile });
      return {};
    }
    case 'run': {
      const { session, feeds, fetches } = works.get(request.id);
      const ms = [];
      for (let i = 0; i < request.times; i++) {
        const start = process.hrtime.bigint();
        await session.run(feeds, fetches);
        ms.push(Number(process.hrtime.bigint() - start) / 1e6);
      }
      return { ms };
    }
    case 'output': {
      const { fetches } = works.get(request.id);
      const data = Object.values(fetches)[0].data;
      fs.writeFileSync(request.file, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
      return {};
    }
    case 'unload': {
      const { session, profile } = works.get(request.id);
      works.delete(request.id);
      if (profile) session.endProfiling();
      await session.release();
      return profile ? { nodes: nodeTimes(profile) } : {};
    }
    default:
      throw new Error(`unknown request ${request.do}`);
  }
};

answer({ version: ort.env.versions.node ?? ort.env.versions.common, settings: `Node.js ${process.version}, graph optimisations all` });

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      answer(await handle(JSON.parse(line)));
    } catch (error) {
      answer({ error: String(error.message).split('\n')[0] });
    }
  }
  process.exit(0);
})();
