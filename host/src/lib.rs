//! The host: controller, command line and server.
