import Journal
import Playbooks
import PandaPon
import Vault

/// Keeps in the vault what was found out about how its profiles sign.
struct VaultRecipes: RecipeKeeper {
  let vault: Vault
  /// The wall clock, in milliseconds since 1970 UTC.
  let now: @Sendable () -> Milliseconds

  func keep(_ recipe: SigningRecipe, of profile: String, by proof: RecipeProof) async throws {
    let signing = ProfileSheet.Signing(
      payload: "\(recipe.payload)", digest: recipe.digest.rawValue, encoding: recipe.encoding.rawValue,
      timestamp: recipe.timestamp.rawValue)
    let instant = now()
    try vault.change(AuditEntry(.setSigning, profile: profile, field: proof.rawValue)) { contents throws(VaultError) in
      try contents.setSigning(signing, of: profile, verified: instant)
    }
  }

  func keep(_ recipe: CallbackRecipe, of profile: String, by proof: RecipeProof) async throws {
    let names = recipe.bases.map(\.name)
    try vault.change(AuditEntry(.setSigning, profile: profile, field: "callbacks")) { contents throws(VaultError) in
      var sheet = try contents.profile(profile)
      sheet.callbacks = names
      try contents.setProfile(profile, sheet)
    }
  }
}

extension Configuration {
  /// Who keeps what is found out about a profile's signing: the vault where the profile is in it; nil where it has to be
  /// written into `ebb.yaml` by hand.
  func recipeKeeper(for profile: String) -> (any RecipeKeeper)? {
    guard profiles[profile]?.isInVault == true, let vault = try? vault.open() else { return nil }
    return VaultRecipes(vault: vault) { SystemClock().now() }
  }

  /// How sure a profile's recipe is, as far as the vault knows; nil where it is not in the vault.
  func recipeGrade(of profile: String) -> RecipeGrade? {
    guard let settings = profiles[profile], settings.isInVault,
      let document = try? ProfileDocument(settings, in: self, isDefault: false)
    else { return nil }
    return document.isSigningVerified ? .verified : .assumed
  }
}
