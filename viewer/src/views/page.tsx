/** The whole page: one screen, no hunting. */
import { useApp } from "../state/app.ts";
import { Explain } from "./explain/explain.tsx";
import { Footer, Tray } from "./footer.tsx";
import { GraphPane } from "./graph/graph.tsx";
import { Header } from "./header.tsx";
import { Help } from "./help.tsx";
import { Ledger } from "./ledger.tsx";
import { ModelPane } from "./model_view/pane.tsx";
import { LightStep } from "./light.tsx";
import { Notices } from "./notice.tsx";
import { Source } from "./source.tsx";
import { Strip } from "./strip.tsx";
import { Timeline } from "./timeline.tsx";
import { Tour } from "./tour.tsx";

export function Page() {
  const app = useApp();
  return (
    <div class="page">
      <Header />
      <Timeline />
      <Notices />
      <LightStep />
      {app.shown.value && (
        <>
          <Strip />
          <main class="panes">
            <Source />
            {app.modelView.open.value ? <ModelPane /> : <GraphPane />}
            <Explain />
            <Ledger />
          </main>
        </>
      )}
      <Footer />
      <Tray />
      <Help />
      <Tour />
    </div>
  );
}
