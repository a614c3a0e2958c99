//! What wasmtime generates from `wit/`: every interface that the host offers or calls, with one set of types.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::all,
    reason = "generated; the documentation is in wit/plugin.wit"
)]

wasmtime::component::bindgen!({
    path: "../../wit",
    inline: "
        package fleet:host;

        world everything {
            import fleet:plugin/source@0.1.0;
            import fleet:plugin/context@0.1.0;
            import fleet:plugin/entropy@0.1.0;
            import fleet:plugin/secrets@0.1.0;
            import fleet:plugin/log@0.1.0;
            export fleet:plugin/metadata@0.1.0;
            export fleet:plugin/renderer@0.1.0;
            export fleet:plugin/transformer@0.1.0;
            export fleet:plugin/policy@0.1.0;
            export fleet:plugin/health@0.1.0;
        }
    ",
    world: "fleet:host/everything",
    imports: {
        "fleet:plugin/entropy.private-key": async | trappable,
        "fleet:plugin/source.resolve": async | trappable,
        default: trappable,
    },
    exports: { default: async },
});
