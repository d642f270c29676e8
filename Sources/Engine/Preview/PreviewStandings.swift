// SPDX-License-Identifier: Apache-2.0

/// What a filter says about every namespace and every set of labels, found out once each.
struct PreviewStandings {
  /// By the number of the namespace; number 0 stands for none.
  let namespaces: [NamespaceStanding]
  /// What there is to say about labels, by class.
  private let selectors: [SelectorStanding]
  /// By the number of the set of labels: twice the place in `selectors`, and 1 more where the labels leave objects out.
  let labelClasses: [UInt32]

  /// How many classes of labels there are.
  var labelClassCount: Int { selectors.count * 2 }

  init(_ selection: Selection, _ ground: PreviewGround) {
    namespaces = ground.namespaceNames.enumerated().map { number, name in
      selection.standing(of: number == 0 ? nil : name)
    }
    let count = UInt32(selection.selectors.count)
    selectors =
      count == 0 ? [.unasked] : [.none] + selection.selectors.indices.map { .matches($0) }
    guard count > 0 else {
      labelClasses = ground.isLabelledOut.map { $0 ? 1 : 0 }
      return
    }
    var indexed = IndexedSelectors(selection.filter.selectors, ground.inventory)
    let places = selection.selectors.indices.filter { indexed.canMatch($0) }
    labelClasses = ground.isLabelledOut.enumerated().map { set, isLabelledOut in
      let out: UInt32 = isLabelledOut ? 1 : 0
      let place = places.first { indexed.matches($0, set: set) }
      return place.map { UInt32($0 + 1) * 2 + out } ?? out
    }
  }

  func selector(_ labelClass: UInt32) -> SelectorStanding { selectors[Int(labelClass >> 1)] }

  func isLabelledOut(_ labelClass: UInt32) -> Bool { labelClass & 1 == 1 }
}
