// What the page is sent. Made from the dataclasses in retrograd/views/data by
// `python -m retrograd.views.data.typescript`; a test fails where this file is stale.
import { each, type Columns, type Row, type Table } from "./columns.ts";

/** Who ran, how far, and what was kept. */
export interface Overview {
  readonly name: string;
  readonly program: string;
  readonly steps: number;
  readonly full: readonly (readonly [number, number])[];
  readonly unfinished?: number;
  readonly complete: boolean;
  readonly live: boolean;
  readonly exported: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly parameters: readonly (ParameterData)[];
  readonly files: readonly (string)[];
  readonly incidents: readonly (IncidentData)[];
  readonly models?: readonly (number)[];
  readonly series: readonly (string)[];
  readonly overhead?: number;
}

/** A parameter; its place in the list is its number everywhere. */
export interface ParameterData {
  readonly name: string;
  readonly shape: readonly (number)[];
  readonly dtype: string;
  readonly requires_grad: boolean;
  readonly module?: string;
}

/** Something that happened to the run. */
export interface IncidentData {
  readonly kind: string;
  readonly step?: number;
  readonly event?: number;
  readonly file?: number;
  readonly line?: number;
  readonly text: string;
}

/** Some series in one window of steps. */
export interface Curves {
  readonly first: number;
  readonly last: number;
  readonly stride: number;
  readonly curves: readonly (Curve)[];
}

/** One series in a window of steps. */
export interface Curve {
  readonly name: string;
  readonly steps: readonly (number)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** All findings, most decisive first. Their words come along: the rules' texts are many. */
export interface FindingsData {
  readonly findings: readonly (FindingData)[];
  readonly clean: number;
}

/** One fault: where it shows, why it matters, what to do. */
export interface FindingData {
  readonly code: string;
  readonly name: string;
  readonly severity: "error" | "warning" | "hint";
  readonly step?: number;
  readonly count: number;
  readonly event?: number;
  readonly file?: number;
  readonly line?: number;
  readonly message: Readonly<Record<string, string>>;
  readonly why: Readonly<Record<string, string>>;
  readonly fix: Readonly<Record<string, string>>;
  readonly patch?: string;
  readonly follows: readonly (FollowerData)[];
}

/** A finding that follows from another one. */
export interface FollowerData {
  readonly code: string;
  readonly message: Readonly<Record<string, string>>;
}

/** A file: lines, each a list of words with their kinds. */
export interface SourceData {
  readonly path: string;
  readonly lines: readonly (readonly (readonly ["" | "keyword" | "string" | "comment" | "number" | "name", string])[])[];
}

/** Everything of a step but its numbers. */
export interface StructureData {
  readonly id: number;
  readonly forms: readonly (Row<FormData>)[];
  readonly slots: readonly (number)[];
  readonly symbols: readonly (string)[];
  readonly events: Columns<EventData>;
  readonly nodes: Columns<NodeData>;
  readonly options: readonly (readonly (Row<ArgumentData>)[])[];
  readonly sites: readonly (SiteData)[];
}

/** What many values of a step have in common. */
export interface FormData {
  readonly named: boolean;
  readonly kind: string;
  readonly dtype: string;
  readonly shape: readonly (number)[];
  readonly parameter?: number;
  readonly code?: "f4" | "f8" | "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8" | "b1" | "c8" | "c16";
}

/** One ATen operator call. */
export interface OpData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "op";
  readonly inputs: readonly (number)[];
  readonly outputs: readonly (number | null)[];
  readonly node?: number;
}

/** The start of a backward pass. */
export interface BackwardData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "backward";
  readonly number: number;
  readonly roots: readonly (number | null)[];
  readonly root_nodes: readonly (number | null)[];
  readonly gradients: readonly (number | null)[];
}

/** An autograd node ran. */
export interface NodeRunData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "node";
  readonly number: number;
  readonly node: number;
  readonly grad_outputs: readonly (number | null)[];
  readonly grad_inputs: readonly (number | null)[];
}

/** A contribution was added to a ``.grad``. */
export interface AccumulationData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "accumulate";
  readonly number: number;
  readonly node: number;
  readonly parameter: number;
  readonly before?: number;
  readonly contribution?: number;
  readonly after?: number;
}

/** A call of ``zero_grad()``. */
export interface ZeroGradData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "zero_grad";
  readonly changes: readonly (GradientChangeData)[];
}

/** One ``.grad`` before and after. */
export interface GradientChangeData {
  readonly parameter: number;
  readonly before?: number;
  readonly after?: number;
}

/** A ``.grad`` changed between backward and step. */
export interface GradChangeData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "grad_change";
  readonly parameter: number;
  readonly before?: number;
  readonly after?: number;
}

/** A call of an optimizer's ``step()``. */
export interface StepCallData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "step";
}

/** One parameter before and after an update. */
export interface UpdateData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "update";
  readonly parameter: number;
  readonly before?: number;
  readonly gradient?: number;
  readonly after?: number;
  readonly options: number;
  readonly state_before: readonly (NamedSlot)[];
  readonly state_after: readonly (NamedSlot)[];
  readonly manual: boolean;
}

/** A value with a name. */
export interface NamedSlot {
  readonly name: string;
  readonly slot?: number;
}

/** Something that ran unseen. */
export interface OpaqueData {
  readonly index: number;
  readonly phase: "forward" | "backward" | "zero_grad" | "optimizer" | "outside";
  readonly name: string;
  readonly label: string;
  readonly site?: number;
  readonly module?: string;
  readonly kind: "opaque";
  readonly inputs: readonly (number | null)[];
  readonly outputs: readonly (number | null)[];
  readonly node?: number;
}

export type EventData = OpData | BackwardData | NodeRunData | AccumulationData | ZeroGradData | GradChangeData | StepCallData | UpdateData | OpaqueData;

/** One autograd node. */
export interface NodeData {
  readonly name: string;
  readonly op?: number;
  readonly next: readonly (EdgeData | null)[];
  readonly saved: readonly (NamedSlot)[];
  readonly freed?: number;
  readonly parameter?: number;
}

/** Where a node sends a gradient. */
export interface EdgeData {
  readonly node: number;
  readonly input: number;
}

/** A hyperparameter of an update: a value, or a constant as text. */
export interface ArgumentData {
  readonly name: string;
  readonly slots: readonly (number)[];
  readonly constant?: string;
}

/** A position in the source: lines from 1, columns from 0, the end exclusive. */
export interface SiteData {
  readonly file: number;
  readonly function: string;
  readonly line: number;
  readonly end_line: number;
  readonly column: number;
  readonly end_column: number;
  readonly expression: string;
}

/** One step: its structure, which others may share, and its numbers. */
export interface StepData {
  readonly index: number;
  readonly structure: number;
  readonly complete: boolean;
  readonly started: number;
  readonly seconds: number;
  readonly overhead: number;
  readonly elements: string;
  readonly figures: readonly (FiguresData)[];
}

/** What comes along of a value whose elements do not. */
export interface FiguresData {
  readonly slot: number;
  readonly statistics: StatisticsData;
  readonly sample?: SampleData;
  readonly whole: boolean;
}

/** Figures of all elements; min to norm are those of the finite ones, None without any. */
export interface StatisticsData {
  readonly min?: number;
  readonly max?: number;
  readonly mean?: number;
  readonly std?: number;
  readonly norm?: number;
  readonly zeros: number;
  readonly nans: number;
  readonly infs: number;
}

/** Every k-th element in row-major order. */
export interface SampleData {
  readonly every: number;
  readonly elements: ArrayData;
}

/** Elements in row-major order, exactly as recorded or computed. */
export interface ArrayData {
  readonly shape: readonly (number)[];
  readonly code: "f4" | "f8" | "i1" | "i2" | "i4" | "i8" | "u1" | "u2" | "u4" | "u8" | "b1" | "c8" | "c16";
  readonly data: string;
}

/** The numbers of one step. */
export interface LightStep {
  readonly step: number;
  readonly numbers: readonly (LightNumber)[];
  readonly more: number;
}

/** One number, named as its series: ``loss``, ``grad_norm/layer.weight``. */
export interface LightNumber {
  readonly name: string;
  readonly value?: number;
}

/** One event explained. */
export interface ExplanationData {
  readonly event: number;
  readonly title: MessageData;
  readonly lines: readonly (LineData)[];
  readonly terms: readonly (TermData)[];
  readonly notes: readonly (MessageData)[];
  readonly check?: CheckData;
}

/** A message of the catalogue with its arguments; the page puts it into words. */
export interface MessageData {
  readonly id: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

/** One equation with PyTorch's own result. */
export interface LineData {
  readonly symbol: string;
  readonly formula?: string;
  readonly math?: string;
  readonly slot?: number;
  readonly worked?: WorkedData;
  readonly summed?: string;
  readonly role?: string;
}

/** One element with its numbers put in. */
export interface WorkedData {
  readonly index: readonly (number)[];
  readonly numbers: string;
  readonly result: string;
}

/** One term of an update with our result. */
export interface TermData {
  readonly symbol: string;
  readonly formula: string;
  readonly math?: string;
  readonly elements?: ArrayData;
  readonly worked?: WorkedData;
}

/** How our result compares with PyTorch's. */
export interface CheckData {
  readonly status: "verified" | "wrong" | "not checked";
  readonly reason?: string;
  readonly difference?: number;
  readonly tolerance?: number;
}

/** Where a number came from; which parts there are depends on what it is. */
export interface ProvenanceData {
  readonly label: string;
  readonly kind: "parameter" | "parameter gradient" | "value" | "gradient";
  readonly state?: string;
  readonly parameter?: number;
  readonly place: number;
  readonly loss: string;
  readonly step: number;
  readonly full: boolean;
  readonly number?: string;
  readonly updates: readonly (UpdatedData)[];
  readonly gradient?: GradientData;
  readonly history?: HistoryData;
  readonly origin?: OriginData;
  readonly upstream?: GradientOriginData;
}

/** One update of the element. */
export interface UpdatedData {
  readonly event: number;
  readonly optimizer?: string;
  readonly before: LinkData;
  readonly gradient: LinkData;
  readonly after: LinkData;
  readonly terms: readonly (StepTermData)[];
}

/** A number with its name, and which element of which value of the step it is. */
export interface LinkData {
  readonly label: string;
  readonly number?: string;
  readonly slot?: number;
  readonly place: number;
}

/** One term of an update, for the element. */
export interface StepTermData {
  readonly symbol: string;
  readonly math?: string;
  readonly result?: string;
}

/** What ``.grad`` held, and what each pass added. */
export interface GradientData {
  readonly before?: string;
  readonly contributions: readonly (ContributionData)[];
  readonly changes: readonly (ChangeData)[];
  readonly cleared: readonly (number)[];
  readonly after: LinkData;
}

/** What one backward pass added. */
export interface ContributionData {
  readonly number: number;
  readonly amount: LinkData;
  readonly paths: RoutesData;
  readonly samples?: SharesData;
  readonly reason?: MessageData;
  readonly origins: readonly (GradientOriginData)[];
}

/** All ways to a parameter; too many are counted, and listed by their last nodes. */
export interface RoutesData {
  readonly count: number;
  readonly paths: readonly (RouteData)[];
  readonly reason?: MessageData;
}

/** A way from the loss, or the last node of many, and what it brings. */
export interface RouteData {
  readonly made: readonly (string)[];
  readonly amount?: string;
}

/** The parts of all examples, the largest first. */
export interface SharesData {
  readonly size: number;
  readonly shares: readonly (ShareData)[];
  readonly others: string;
  readonly rest: string;
  readonly sum: string;
  readonly difference: number;
}

/** One example's part, with what went in and the factors, where it is one product. */
export interface ShareData {
  readonly example: number;
  readonly amount: string;
  readonly inputs: string;
  readonly factors?: string;
}

/** A gradient as the sum of what was sent. */
export interface GradientOriginData {
  readonly label: string;
  readonly number?: string;
  readonly put_in: boolean;
  readonly senders: readonly (SenderData)[];
}

/** What one node sent. */
export interface SenderData {
  readonly event: number;
  readonly node: string;
  readonly amount?: string;
  readonly terms: readonly (ProductData)[];
  readonly count: number;
  readonly reason?: MessageData;
}

/** Upstream times local derivative. */
export interface ProductData {
  readonly upstream: LinkData;
  readonly local?: string;
  readonly product?: string;
}

/** Something that changed ``.grad`` after the backward pass. */
export interface ChangeData {
  readonly event: number;
  readonly before?: string;
  readonly after?: string;
}

/** The element's way through the run, thinned, and the steps that moved it most. */
export interface HistoryData {
  readonly first?: string;
  readonly last: string;
  readonly last_step: number;
  readonly known: number;
  readonly every_step: boolean;
  readonly steps: readonly (number)[];
  readonly values: readonly (number | null)[];
  readonly moves: readonly (MoveData)[];
}

/** What one step did to the element. */
export interface MoveData {
  readonly step: number;
  readonly before: string;
  readonly after: string;
  readonly full: boolean;
}

/** The op that made an element, and what entered. */
export interface OriginData {
  readonly op?: string;
  readonly event?: number;
  readonly worked?: string;
  readonly check?: CheckData;
  readonly entered: readonly (EnteredData)[];
  readonly count: number;
  readonly reason?: MessageData;
}

/** An element that entered an op, and the derivative by it. */
export interface EnteredData {
  readonly element: LinkData;
  readonly derivative?: string;
}

/** The Jacobian of one op, a block for each input. */
export interface JacobianData {
  readonly event: number;
  readonly symbol: string;
  readonly slot: number;
  readonly shape: readonly (number)[];
  readonly gradient: string;
  readonly blocks: readonly (BlockData)[];
  readonly notes: readonly (MessageData)[];
}

/** The derivatives of the output by one input. */
export interface BlockData {
  readonly symbol: string;
  readonly shape: readonly (number)[];
  readonly rows: number;
  readonly columns: number;
  readonly math?: string;
  readonly structure: MessageData;
  readonly claim: string;
  readonly agrees: boolean;
  readonly counted: boolean;
  readonly matrix?: ArrayData;
  readonly row?: RowData;
  readonly fold: readonly (FoldData)[];
  readonly upstream?: number;
  readonly downstream?: number;
  readonly product?: ArrayData;
  readonly check?: CheckData;
}

/** How one output element changes with the input, in the input's own shape. */
export interface RowData {
  readonly place: number;
  readonly corner: readonly (number)[];
  readonly box: ArrayData;
}

/** One step of the folding; ``matrix`` goes with what is said. */
export interface FoldData {
  readonly text: MessageData;
  readonly formula?: string;
  readonly label: string;
  readonly matrix?: ArrayData;
  readonly equal?: boolean;
}

/** Everything that a tensor is beyond its numbers. */
export interface CardData {
  readonly symbol: string;
  readonly slot: number;
  readonly dtype: string;
  readonly device: string;
  readonly dimensions: readonly (DimensionData)[];
  readonly offset?: number;
  readonly item?: number;
  readonly contiguous?: boolean;
  readonly expanded: readonly (number)[];
  readonly places?: ArrayData;
  readonly storage?: ArrayData;
  readonly view_of?: SharerData;
  readonly sharers: readonly (SharerData)[];
  readonly precision?: PrecisionData;
  readonly requires_grad?: boolean;
  readonly leaf?: boolean;
  readonly why: MessageData;
  readonly way: readonly (GraphStepData)[];
  readonly kept: readonly (KeptData)[];
  readonly writes: readonly (number)[];
  readonly no_grad?: MessageData;
  readonly uses: readonly (UseData)[];
}

/** One dimension: its length, its stride in elements, and what it is for. */
export interface DimensionData {
  readonly length: number;
  readonly stride?: number;
  readonly role?: MessageData;
}

/** Another tensor in the same storage. */
export interface SharerData {
  readonly symbol: string;
  readonly slot: number;
  readonly shape: readonly (number)[];
  readonly stride: readonly (number)[];
  readonly op?: string;
  readonly event?: number;
  readonly written: boolean;
  readonly overlaps?: boolean;
}

/** What the dtype can hold; numbers as text, because some are larger than JavaScript's. */
export interface PrecisionData {
  readonly kind: "float" | "complex" | "integer" | "bool";
  readonly bits: number;
  readonly exponent: number;
  readonly fraction: number;
  readonly smallest: string;
  readonly largest: string;
  readonly eps: string;
  readonly tenth?: string;
}

/** A node on the way from ``grad_fn`` to the leaves. */
export interface GraphStepData {
  readonly node: string;
  readonly depth: number;
  readonly leaf?: string;
  readonly seen: boolean;
}

/** A node that keeps the tensor for the backward pass. */
export interface KeptData {
  readonly node: string;
  readonly name: string;
  readonly freed?: number;
}

/** An event that made, read or wrote it. */
export interface UseData {
  readonly event: number;
  readonly what: MessageData;
  readonly broadcast?: readonly (number)[];
}

/** Why there is no answer, in words. */
export interface NothingData {
  readonly nothing: string;
}

/** The model as the forward pass of a step had it. */
export interface ModelData {
  readonly step: number;
  readonly boundary?: BoundaryData;
  readonly why?: MessageData;
  readonly check?: CheckData;
}

/** What the model predicts over its inputs. */
export interface BoundaryData {
  readonly kind: "threshold" | "classes" | "value";
  readonly input: string;
  readonly grid: GridData;
  readonly winners?: ArrayData;
  readonly pair?: readonly [number, number];
  readonly classes: number;
  readonly examples: ExamplesData;
  readonly predicted: ArrayData;
  readonly right?: number;
  readonly count: number;
  readonly error?: number;
}

/** Numbers over a rectangle, the second axis from low to high in rows. */
export interface GridData {
  readonly across: readonly [number, number];
  readonly up?: readonly [number, number];
  readonly values: ArrayData;
  readonly low: number;
  readonly high: number;
}

/** Inputs, one row each, and what should come out. */
export interface ExamplesData {
  readonly points: ArrayData;
  readonly targets?: ArrayData;
}

/** The loss over two elements, all else as the step had it. */
export interface SurfaceData {
  readonly step: number;
  readonly parameters: readonly (number)[];
  readonly axes: readonly (AxisData)[];
  readonly grid?: GridData;
  readonly why?: MessageData;
  readonly loss?: number;
}

/** One element of a parameter, and where it stands. */
export interface AxisData {
  readonly parameter: number;
  readonly place: number;
  readonly now?: number;
}

/** Two elements as the forward passes of some steps found them. */
export interface PathData {
  readonly steps: readonly (number)[];
  readonly first: readonly (number)[];
  readonly second: readonly (number)[];
}

/** What reads a row of each type, or one out of columns; null is left out. */
export const READ = {
  FormData: (r: Row<FormData>) => ({ named: r[0], kind: r[1], dtype: r[2], shape: r[3], parameter: r[4] ?? undefined, code: r[5] ?? undefined }) as FormData,
  OpData: (r: Table<OpData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], inputs: r[7]![at], outputs: r[8]![at], node: r[9]![at] ?? undefined }) as OpData,
  BackwardData: (r: Table<BackwardData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], number: r[7]![at], roots: r[8]![at], root_nodes: r[9]![at], gradients: r[10]![at] }) as BackwardData,
  NodeRunData: (r: Table<NodeRunData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], number: r[7]![at], node: r[8]![at], grad_outputs: r[9]![at], grad_inputs: r[10]![at] }) as NodeRunData,
  AccumulationData: (r: Table<AccumulationData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], number: r[7]![at], node: r[8]![at], parameter: r[9]![at], before: r[10]![at] ?? undefined, contribution: r[11]![at] ?? undefined, after: r[12]![at] ?? undefined }) as AccumulationData,
  GradientChangeData: (r: Row<GradientChangeData>) => ({ parameter: r[0], before: r[1] ?? undefined, after: r[2] ?? undefined }) as GradientChangeData,
  ZeroGradData: (r: Table<ZeroGradData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], changes: each(r[7]![at], READ.GradientChangeData) }) as ZeroGradData,
  GradChangeData: (r: Table<GradChangeData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], parameter: r[7]![at], before: r[8]![at] ?? undefined, after: r[9]![at] ?? undefined }) as GradChangeData,
  StepCallData: (r: Table<StepCallData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at] }) as StepCallData,
  NamedSlot: (r: Row<NamedSlot>) => ({ name: r[0], slot: r[1] ?? undefined }) as NamedSlot,
  UpdateData: (r: Table<UpdateData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], parameter: r[7]![at], before: r[8]![at] ?? undefined, gradient: r[9]![at] ?? undefined, after: r[10]![at] ?? undefined, options: r[11]![at], state_before: each(r[12]![at], READ.NamedSlot), state_after: each(r[13]![at], READ.NamedSlot), manual: r[14]![at] }) as UpdateData,
  OpaqueData: (r: Table<OpaqueData>, at: number) => ({ index: r[0]![at], phase: r[1]![at], name: r[2]![at], label: r[3]![at], site: r[4]![at] ?? undefined, module: r[5]![at] ?? undefined, kind: r[6]![at], inputs: r[7]![at], outputs: r[8]![at], node: r[9]![at] ?? undefined }) as OpaqueData,
  EdgeData: (r: Row<EdgeData>) => ({ node: r[0], input: r[1] }) as EdgeData,
  NodeData: (r: Table<NodeData>, at: number) => ({ name: r[0]![at], op: r[1]![at] ?? undefined, next: each(r[2]![at], READ.EdgeData), saved: each(r[3]![at], READ.NamedSlot), freed: r[4]![at] ?? undefined, parameter: r[5]![at] ?? undefined }) as NodeData,
  ArgumentData: (r: Row<ArgumentData>) => ({ name: r[0], slots: r[1], constant: r[2] ?? undefined }) as ArgumentData,
};
