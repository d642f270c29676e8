// SPDX-License-Identifier: Apache-2.0
internal import Sandbox
enum Serving { static func run(objects: Int) async throws {} }
enum Parts { static func run() async throws {} }
