namespace OpenLedger.Chain.Evm.Eip712;

/// <summary>One member of an EIP-712 struct type.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Type">The Solidity type: <c>string</c>, <c>bytes</c>, <c>bool</c>, <c>address</c>, <c>uint8</c>…<c>uint256</c>,
/// <c>int8</c>…<c>int256</c>,
/// <c>bytes1</c>…<c>bytes32</c>, a struct of the same document, or any of them with array suffixes such as <c>[]</c> or <c>[3][]</c>.</param>
public sealed record TypedDataField(string Name, string Type);
